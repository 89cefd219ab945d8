"""Programs that distributions install, and virtual environments do not."""

OF_DISTRIBUTIONS = frozenset(
    {"git", "ffmpeg", "ffprobe", "convert", "magick", "identify", "mogrify", "wkhtmltopdf", "wkhtmltoimage",
     "tesseract", "pdftoppm", "pdftotext", "pdfinfo", "gs", "qpdf", "libreoffice", "soffice", "unoconv", "pandoc",
     "pdflatex", "xelatex", "latex", "dot", "curl", "wget", "tar", "zip", "unzip", "gzip", "7z", "rsync", "ssh",
     "scp", "systemctl", "journalctl", "sudo", "df", "du", "ps", "top", "uptime", "free", "ls", "cat", "cp", "mv",
     "rm", "mkdir", "grep", "sed", "awk", "find", "date", "hostname", "uname", "whoami", "id", "ping", "ip",
     "ifconfig", "netstat", "ss", "iptables", "nmap", "mysqldump", "mysql", "psql", "pg_dump", "redis-cli",
     "docker", "node", "npm", "java", "openssl", "gpg", "nginx", "certbot", "crontab", "kill", "pkill", "killall",
     "chmod", "chown", "bash", "sh", "espeak", "sox", "aplay", "amixer", "mpg123", "vcgencmd", "lsof", "exiftool",
     "inkscape", "chromium", "chromium-browser", "google-chrome", "xvfb-run", "optipng", "jpegoptim", "gcc",
     "make", "sqlite3", "file", "head", "tail", "wc", "sort", "sleep", "echo", "which", "nslookup", "dig",
     "traceroute", "whois", "mount", "shutdown", "reboot"}
)  # fmt: skip
