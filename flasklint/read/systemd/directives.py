"""Directives of systemd 252. Written by tools/generate_systemd_table.py; do not edit."""

VERSION = "252"

# Sections, type, keys. The type names an entry of CHECKS, where there is one.
KEYS: tuple[tuple[str, str, str], ...] = (
    (
        "Unit",
        "OTHER",
        "Description Documentation SourcePath RequiresOverridable RequisiteOverridable "
        "RequiresMountsFor JobTimeoutSec JobRunningTimeoutSec JobTimeoutAction "
        "JobTimeoutRebootArgument FailureActionExitStatus SuccessActionExitStatus RebootArgument "
        "ConditionPathExists ConditionPathExistsGlob ConditionPathIsDirectory "
        "ConditionPathIsSymbolicLink ConditionPathIsMountPoint ConditionPathIsReadWrite "
        "ConditionPathIsEncrypted ConditionDirectoryNotEmpty ConditionFileNotEmpty "
        "ConditionFileIsExecutable ConditionNeedsUpdate ConditionFirstBoot ConditionArchitecture "
        "ConditionFirmware ConditionVirtualization ConditionHost ConditionKernelCommandLine "
        "ConditionKernelVersion ConditionCredential ConditionSecurity ConditionCapability "
        "ConditionACPower ConditionMemory ConditionCPUFeature ConditionCPUs ConditionEnvironment "
        "ConditionUser ConditionGroup ConditionControlGroupController ConditionOSRelease "
        "ConditionMemoryPressure ConditionCPUPressure ConditionIOPressure AssertPathExists "
        "AssertPathExistsGlob AssertPathIsDirectory AssertPathIsSymbolicLink AssertPathIsMountPoint "
        "AssertPathIsReadWrite AssertPathIsEncrypted AssertDirectoryNotEmpty AssertFileNotEmpty "
        "AssertFileIsExecutable AssertNeedsUpdate AssertFirstBoot AssertArchitecture "
        "AssertVirtualization AssertHost AssertKernelCommandLine AssertKernelVersion "
        "AssertCredential AssertSecurity AssertCapability AssertACPower AssertMemory "
        "AssertCPUFeature AssertCPUs AssertEnvironment AssertUser AssertGroup "
        "AssertControlGroupController AssertOSRelease AssertMemoryPressure AssertCPUPressure "
        "AssertIOPressure",
    ),
    (
        "Unit",
        "UNIT [...]",
        "Requires Requisite Wants BindsTo BindTo Upholds Conflicts Before After OnSuccess OnFailure "
        "PropagatesReloadTo PropagateReloadTo ReloadPropagatedFrom PropagateReloadFrom "
        "PropagatesStopTo StopPropagatedFrom PartOf JoinsNamespaceOf",
    ),
    (
        "Unit",
        "BOOLEAN",
        "StopWhenUnneeded RefuseManualStart RefuseManualStop AllowIsolate DefaultDependencies "
        "OnFailureIsolate IgnoreOnIsolate",
    ),
    (
        "Unit",
        "OnSuccessJobMode",
        "OnSuccessJobMode",
    ),
    (
        "Unit",
        "OnFailureJobMode",
        "OnFailureJobMode",
    ),
    (
        "Unit",
        "SECONDS",
        "StartLimitIntervalSec",
    ),
    (
        "Unit Service",
        "SECONDS",
        "StartLimitInterval",
    ),
    (
        "Unit Service",
        "UNSIGNED",
        "StartLimitBurst",
    ),
    (
        "Unit Service",
        "StartLimitAction",
        "StartLimitAction",
    ),
    (
        "Unit Service",
        "FailureAction",
        "FailureAction",
    ),
    (
        "Unit",
        "SuccessAction",
        "SuccessAction",
    ),
    (
        "Unit",
        "CollectMode",
        "CollectMode",
    ),
    (
        "Service",
        "OTHER",
        "PIDFile ExecCondition ExecStart ExecReload ExecStop TimeoutStopSec TimeoutAbortSec "
        "RebootArgument RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus BusName "
        "Sockets USBFunctionDescriptors USBFunctionStrings",
    ),
    (
        "Service Socket",
        "OTHER",
        "ExecStartPre ExecStartPost ExecStopPost",
    ),
    (
        "Service",
        "SECONDS",
        "RestartSec TimeoutSec TimeoutStartSec WatchdogSec",
    ),
    (
        "Service",
        "TimeoutStartFailureMode",
        "TimeoutStartFailureMode",
    ),
    (
        "Service",
        "TimeoutStopFailureMode",
        "TimeoutStopFailureMode",
    ),
    (
        "Service Scope",
        "SECONDS",
        "RuntimeMaxSec RuntimeRandomizedExtraSec",
    ),
    (
        "Service",
        "Type",
        "Type",
    ),
    (
        "Service",
        "ExitType",
        "ExitType",
    ),
    (
        "Service",
        "Restart",
        "Restart",
    ),
    (
        "Service",
        "BOOLEAN",
        "PermissionsStartOnly RootDirectoryStartOnly RemainAfterExit GuessMainPID NonBlocking",
    ),
    (
        "Service",
        "UNSIGNED",
        "FileDescriptorStoreMax",
    ),
    (
        "Service",
        "NotifyAccess",
        "NotifyAccess",
    ),
    (
        "Service Scope",
        "OOMPolicy",
        "OOMPolicy",
    ),
    (
        "Service Socket Mount Swap",
        "OTHER",
        "WorkingDirectory RootDirectory RootImage RootImageOptions RootHash RootHashSignature "
        "RootVerity ExtensionDirectories ExtensionImages MountImages User Group SupplementaryGroups "
        "Nice OOMScoreAdjust CoredumpFilter IOSchedulingClass IOSchedulingPriority "
        "CPUSchedulingPolicy CPUSchedulingPriority CPUAffinity NUMAPolicy NUMAMask Environment "
        "EnvironmentFile PassEnvironment UnsetEnvironment StandardInputText StandardInputData "
        "TTYPath TTYRows TTYColumns SyslogIdentifier LogLevelMax LogExtraFields SecureBits "
        "CapabilityBoundingSet AmbientCapabilities TimerSlackNSec SystemCallFilter "
        "SystemCallArchitectures SystemCallErrorNumber SystemCallLog RestrictNamespaces "
        "RestrictAddressFamilies RestrictFileSystems LimitCPU LimitFSIZE LimitDATA LimitSTACK "
        "LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING "
        "LimitMSGQUEUE LimitNICE LimitRTPRIO LimitRTTIME ReadWriteDirectories ReadOnlyDirectories "
        "InaccessibleDirectories ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths "
        "NoExecPaths ExecSearchPath BindPaths BindReadOnlyPaths TemporaryFileSystem "
        "NetworkNamespacePath IPCNamespacePath LogNamespace MountFlags MountAPIVFS Personality "
        "RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory "
        "SetCredential SetCredentialEncrypted LoadCredential LoadCredentialEncrypted PAMName "
        "UtmpIdentifier SELinuxContext AppArmorProfile SmackProcessLabel",
    ),
    (
        "Service Socket Mount Swap",
        "BOOLEAN",
        "CPUSchedulingResetOnFork DynamicUser RemoveIPC TTYReset TTYVHangup TTYVTDisallocate "
        "SyslogLevelPrefix NoNewPrivileges MemoryDenyWriteExecute RestrictRealtime RestrictSUIDSGID "
        "LockPersonality PrivateTmp PrivateDevices ProtectKernelTunables ProtectKernelModules "
        "ProtectKernelLogs ProtectClock ProtectControlGroups PrivateNetwork PrivateUsers "
        "PrivateMounts PrivateIPC IgnoreSIGPIPE ProtectHostname",
    ),
    (
        "Service Socket Mount Swap",
        "MODE",
        "UMask RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode "
        "ConfigurationDirectoryMode",
    ),
    (
        "Service Socket Mount Swap",
        "StandardInput",
        "StandardInput",
    ),
    (
        "Service Socket Mount Swap",
        "StandardOutput",
        "StandardOutput",
    ),
    (
        "Service Socket Mount Swap",
        "StandardError",
        "StandardError",
    ),
    (
        "Service Socket Mount Swap",
        "SyslogFacility",
        "SyslogFacility",
    ),
    (
        "Service Socket Mount Swap",
        "SyslogLevel",
        "SyslogLevel",
    ),
    (
        "Service Socket Mount Swap",
        "SECONDS",
        "LogRateLimitIntervalSec TimeoutCleanSec",
    ),
    (
        "Service Socket Mount Swap",
        "UNSIGNED",
        "LogRateLimitBurst",
    ),
    (
        "Service Socket Mount Swap",
        "KeyringMode",
        "KeyringMode",
    ),
    (
        "Service Socket Mount Swap",
        "ProtectProc",
        "ProtectProc",
    ),
    (
        "Service Socket Mount Swap",
        "ProcSubset",
        "ProcSubset",
    ),
    (
        "Service Socket Mount Swap",
        "ProtectSystem",
        "ProtectSystem",
    ),
    (
        "Service Socket Mount Swap",
        "ProtectHome",
        "ProtectHome",
    ),
    (
        "Service Socket Mount Swap",
        "RuntimeDirectoryPreserve",
        "RuntimeDirectoryPreserve",
    ),
    (
        "Service Socket Mount Swap",
        "UtmpMode",
        "UtmpMode",
    ),
    (
        "Service Socket Mount Swap Slice Scope",
        "OTHER",
        "Slice AllowedCPUs StartupAllowedCPUs AllowedMemoryNodes StartupAllowedMemoryNodes "
        "CPUWeight StartupCPUWeight CPUShares StartupCPUShares CPUQuota CPUQuotaPeriodSec MemoryMin "
        "DefaultMemoryMin DefaultMemoryLow MemoryLow MemoryHigh MemoryMax MemorySwapMax MemoryLimit "
        "DeviceAllow IOWeight StartupIOWeight IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax "
        "IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec BlockIOWeight StartupBlockIOWeight "
        "BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth TasksMax Delegate "
        "DisableControllers IPAddressAllow IPAddressDeny IPIngressFilterPath IPEgressFilterPath "
        "ManagedOOMSwap ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference "
        "BPFProgram SocketBindAllow SocketBindDeny RestrictNetworkInterfaces",
    ),
    (
        "Service Socket Mount Swap Slice Scope",
        "BOOLEAN",
        "CPUAccounting MemoryAccounting IOAccounting BlockIOAccounting TasksAccounting IPAccounting",
    ),
    (
        "Service Socket Mount Swap Slice Scope",
        "DevicePolicy",
        "DevicePolicy",
    ),
    (
        "Service Socket Mount Swap Scope",
        "BOOLEAN",
        "SendSIGKILL SendSIGHUP",
    ),
    (
        "Service Socket Mount Swap Scope",
        "KillMode",
        "KillMode",
    ),
    (
        "Service Socket Mount Swap Scope",
        "SIGNAL",
        "KillSignal RestartKillSignal FinalKillSignal WatchdogSignal",
    ),
    (
        "Socket",
        "OTHER",
        "ListenStream ListenDatagram ListenSequentialPacket ListenFIFO ListenNetlink ListenSpecial "
        "ListenMessageQueue ListenUSBFunction BindToDevice ExecStopPre SocketUser SocketGroup "
        "ReceiveBuffer SendBuffer IPTOS PipeSize Timestamping TCPCongestion MessageQueueMaxMessages "
        "MessageQueueMessageSize Symlinks FileDescriptorName Service SmackLabel SmackLabelIPIn "
        "SmackLabelIPOut",
    ),
    (
        "Socket",
        "SocketProtocol",
        "SocketProtocol",
    ),
    (
        "Socket",
        "BindIPv6Only",
        "BindIPv6Only",
    ),
    (
        "Socket",
        "UNSIGNED",
        "Backlog MaxConnections MaxConnectionsPerSource KeepAliveProbes",
    ),
    (
        "Socket Mount Swap",
        "OTHER",
        "TimeoutSec",
    ),
    (
        "Socket",
        "MODE",
        "SocketMode",
    ),
    (
        "Socket Mount Automount Path",
        "MODE",
        "DirectoryMode",
    ),
    (
        "Socket",
        "BOOLEAN",
        "Accept FlushPending Writable KeepAlive NoDelay FreeBind Transparent Broadcast "
        "PassCredentials PassSecurity PassPacketInfo ReusePort RemoveOnStop SELinuxContextFromNet",
    ),
    (
        "Socket",
        "SECONDS",
        "KeepAliveTimeSec KeepAliveIntervalSec DeferAcceptSec",
    ),
    (
        "Socket",
        "INTEGER",
        "Priority IPTTL Mark",
    ),
    (
        "Socket Path",
        "SECONDS",
        "TriggerLimitIntervalSec",
    ),
    (
        "Socket Path",
        "UNSIGNED",
        "TriggerLimitBurst",
    ),
    (
        "Mount",
        "OTHER",
        "What Type",
    ),
    (
        "Mount Automount",
        "OTHER",
        "Where",
    ),
    (
        "Mount Swap",
        "OTHER",
        "Options",
    ),
    (
        "Mount",
        "BOOLEAN",
        "SloppyOptions LazyUnmount ForceUnmount ReadWriteOnly",
    ),
    (
        "Automount",
        "OTHER",
        "ExtraOptions TimeoutIdleSec",
    ),
    (
        "Swap",
        "OTHER",
        "What Priority",
    ),
    (
        "Timer",
        "OTHER",
        "OnCalendar OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec",
    ),
    (
        "Timer",
        "BOOLEAN",
        "OnClockChange OnTimezoneChange Persistent WakeSystem RemainAfterElapse FixedRandomDelay",
    ),
    (
        "Timer",
        "SECONDS",
        "AccuracySec RandomizedDelaySec",
    ),
    (
        "Timer Path",
        "OTHER",
        "Unit",
    ),
    (
        "Path",
        "OTHER",
        "PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty",
    ),
    (
        "Path",
        "BOOLEAN",
        "MakeDirectory",
    ),
    (
        "Scope",
        "SECONDS",
        "TimeoutStopSec",
    ),
    (
        "Install",
        "OTHER",
        "Alias WantedBy RequiredBy Also DefaultInstance",
    ),
)

# Keys that later versions added: version, sections, keys.
NEWER: tuple[tuple[str, str, str], ...] = (
    (
        "253",
        "Service",
        "OpenFile ReloadSignal",
    ),
    (
        "253",
        "Service Socket Mount Swap Slice Scope",
        "MemoryZSwapMax",
    ),
    (
        "254",
        "Service",
        "RestartSteps RestartMaxDelaySec RestartMode FileDescriptorStorePreserve",
    ),
    (
        "254",
        "Service Socket Mount Swap",
        "ImportCredential RootEphemeral RootImagePolicy MountImagePolicy ExtensionImagePolicy",
    ),
    (
        "254",
        "Service Socket Mount Swap Slice Scope",
        "DelegateSubgroup MemoryPressureWatch MemoryPressureThresholdSec",
    ),
    (
        "255",
        "Unit",
        "SurviveFinalKillSignal",
    ),
    (
        "255",
        "Service Socket Mount Swap",
        "SetLoginEnvironment",
    ),
    (
        "255",
        "Socket",
        "PollLimitIntervalSec PollLimitBurst",
    ),
    (
        "255",
        "Service Socket Mount Swap Slice Scope",
        "CoredumpReceive NFTSet",
    ),
    (
        "256",
        "Unit",
        "WantsMountsFor",
    ),
    (
        "256",
        "Socket",
        "PassFileDescriptorsToExec",
    ),
    (
        "256",
        "Service Socket Mount Swap Slice Scope",
        "MemoryZSwapWriteback",
    ),
    (
        "257",
        "Service Socket Mount Swap",
        "PrivatePIDs BindLogSockets",
    ),
    (
        "257",
        "Timer",
        "DeferReactivation",
    ),
    (
        "257",
        "Service Socket Mount Swap Slice Scope",
        "ManagedOOMMemoryPressureDurationSec",
    ),
)

# Values that later versions added.
NEWER_VALUES: dict[str, str] = {
    "Type": "notify-reload",
    "PrivateTmp": "disconnected",
    "PrivateUsers": "self identity full managed",
    "ProtectControlGroups": "private strict",
    "ProtectHostname": "private",
}

# What systemd says of a wrong value, and the values it takes (none listed: a syntax of its own).
CHECKS: dict[str, tuple[str, str]] = {
    "Type": (
        "Failed to parse service type, ignoring: {value}",
        "dbus exec forking idle notify oneshot simple",
    ),
    "Restart": (
        "Failed to parse service restart specifier, ignoring: {value}",
        "always no on-abnormal on-abort on-failure on-success on-watchdog",
    ),
    "ExitType": (
        "Failed to parse service exit type, ignoring: {value}",
        "cgroup main",
    ),
    "KillMode": (
        "Failed to parse kill mode specification, ignoring: {value}",
        "control-group mixed none process",
    ),
    "NotifyAccess": (
        "Failed to parse notify access specifier, ignoring: {value}",
        "all exec main none",
    ),
    "OOMPolicy": (
        "Failed to parse OOM policy, ignoring: {value}",
        "continue kill stop",
    ),
    "ProtectSystem": (
        "Failed to parse protect system value, ignoring: {value}",
        "false full no off on strict true yes",
    ),
    "ProtectHome": (
        "Failed to parse protect home value, ignoring: {value}",
        "false no off on read-only tmpfs true yes",
    ),
    "ProtectProc": (
        "Failed to parse /proc/ protection mode, ignoring: {value}",
        "default invisible noaccess ptraceable",
    ),
    "ProcSubset": (
        "Failed to parse /proc/ subset mode, ignoring: {value}",
        "all pid",
    ),
    "KeyringMode": (
        "Failed to parse keyring mode, ignoring: {value}",
        "inherit private shared",
    ),
    "UtmpMode": (
        "Failed to parse utmp mode, ignoring: {value}",
        "init login user",
    ),
    "RuntimeDirectoryPreserve": (
        "Failed to parse runtime directory preserve mode, ignoring: {value}",
        "false no off on restart true yes",
    ),
    "TimeoutStartFailureMode": (
        "Failed to parse timeout failure mode, ignoring: {value}",
        "abort kill terminate",
    ),
    "TimeoutStopFailureMode": (
        "Failed to parse timeout failure mode, ignoring: {value}",
        "abort kill terminate",
    ),
    "DevicePolicy": (
        "Failed to parse device policy, ignoring: {value}",
        "auto closed strict",
    ),
    "StandardInput": (
        "Failed to parse input specifier, ignoring: {value}",
        "data fd file null socket tty tty-fail tty-force",
    ),
    "StandardOutput": (
        "Failed to parse output specifier, ignoring: {value}",
        "append fd file inherit journal journal+console kmsg kmsg+console null socket syslog "
        "syslog+console truncate tty",
    ),
    "StandardError": (
        "Failed to parse output specifier, ignoring: {value}",
        "append fd file inherit journal journal+console kmsg kmsg+console null socket syslog "
        "syslog+console truncate tty",
    ),
    "SyslogFacility": (
        "Failed to parse log facility, ignoring: {value}",
        "auth authpriv cron daemon ftp kern local0 local1 local2 local3 local4 local5 local6 local7 "
        "lpr mail news syslog user uucp",
    ),
    "SyslogLevel": (
        "Failed to parse log level, ignoring: {value}",
        "alert crit debug emerg err info notice warning",
    ),
    "CollectMode": (
        "Failed to parse garbage collection mode, ignoring: {value}",
        "inactive inactive-or-failed",
    ),
    "OnFailureJobMode": (
        "Failed to parse job mode, ignoring: {value}",
        "fail flush ignore-dependencies ignore-requirements isolate replace replace-irreversibly "
        "triggering",
    ),
    "OnSuccessJobMode": (
        "Failed to parse job mode, ignoring: {value}",
        "fail flush ignore-dependencies ignore-requirements isolate replace replace-irreversibly "
        "triggering",
    ),
    "FailureAction": (
        "Failed to parse {key}=, ignoring: {value}",
        "exit exit-force none poweroff poweroff-force poweroff-immediate reboot reboot-force "
        "reboot-immediate",
    ),
    "SuccessAction": (
        "Failed to parse {key}=, ignoring: {value}",
        "exit exit-force none poweroff poweroff-force poweroff-immediate reboot reboot-force "
        "reboot-immediate",
    ),
    "StartLimitAction": (
        "Failed to parse {key}=, ignoring: {value}",
        "exit exit-force none poweroff poweroff-force poweroff-immediate reboot reboot-force "
        "reboot-immediate",
    ),
    "BindIPv6Only": (
        "Failed to parse bind IPv6 only value, ignoring: {value}",
        "both default false ipv6-only no off on true yes",
    ),
    "SocketProtocol": (
        "Failed to parse socket protocol, ignoring: {value}",
        "sctp udplite",
    ),
    "BOOLEAN": (
        "Failed to parse boolean value, ignoring: {value}",
        "",
    ),
    "SECONDS": (
        "Failed to parse sec value, ignoring: {value}",
        "",
    ),
    "UNSIGNED": (
        "Failed to parse unsigned value, ignoring: {value}",
        "",
    ),
    "MODE": (
        "Failed to parse mode value, ignoring: {value}",
        "",
    ),
    "SIGNAL": (
        "Failed to parse signal name, ignoring: {value}",
        "",
    ),
    "INTEGER": (
        "Failed to parse int value, ignoring: {value}",
        "",
    ),
}
