"""What scripts, playbooks and documents are taken to do to the host."""

from pathlib import Path
from time import process_time

import pytest

from flasklint.facts import Provisioning
from flasklint.facts.provisioning import ANY
from flasklint.read.provisioning import read
from flasklint.tree import Tree


def provisioning(folder: Path, **files: str) -> Provisioning:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read(Tree(str(folder)))


@pytest.mark.parametrize(
    ("command", "member"),
    [
        ("usermod -aG shop www-data", ("www-data", "shop")),
        ("sudo usermod -a -G adm,shop www-data", ("www-data", "shop")),
        ("/usr/sbin/usermod --append --groups=shop www-data", ("www-data", "shop")),
        ("gpasswd -a www-data shop", ("www-data", "shop")),
        ("gpasswd --add www-data shop", ("www-data", "shop")),
        ("adduser www-data shop", ("www-data", "shop")),
        ("useradd -r -g www-data -d /srv/shop shop", ("shop", "www-data")),
        ("useradd --system --gid www-data --shell /bin/false shop", ("shop", "www-data")),
        ("adduser --system --ingroup www-data shop", ("shop", "www-data")),
        ("usermod -aG $APP_USER www-data", ("www-data", ANY)),
        ('usermod -aG "${GROUP}" nginx', ("nginx", ANY)),
        ("usermod -aG shop {{ web_user }} && systemctl restart nginx", (ANY, "shop")),
    ],
)
def test_commands_that_put_a_user_into_a_group(tmp_path: Path, command: str, member: tuple[str, str]) -> None:
    assert member in provisioning(tmp_path, setup_dot_sh=f"#!/bin/sh\n{command}\n").members


@pytest.mark.parametrize(
    "command", ["useradd -m shop", "adduser --disabled-password shop", "groupadd shop", "echo usermod"]
)
def test_commands_that_put_nobody_into_a_group(tmp_path: Path, command: str) -> None:
    assert not provisioning(tmp_path, setup_dot_sh=f"#!/bin/sh\n{command}\n").members


@pytest.mark.parametrize(
    "task",
    [
        "user:\n        name: www-data\n        groups: shop\n        append: yes",
        "ansible.builtin.user:\n        groups: [adm, shop]\n        name: www-data",
        "user:\n        name: 'www-data'\n        groups:\n          - adm\n          - shop",
        'user:\n        name: "{{ nginx_user }}"\n        groups: shop',
    ],
)
def test_playbooks_that_put_a_user_into_a_group(tmp_path: Path, task: str) -> None:
    known = provisioning(tmp_path, site_dot_yml=f"- hosts: all\n  tasks:\n    - name: The group\n      {task}\n")
    assert known.may_join("www-data", "shop")
    assert not known.may_join("nobody", "wheel")


@pytest.mark.parametrize(
    ("command", "opens"),
    [
        ("chmod 755 /home/shop", True),
        ("chmod -R o+x /home", True),
        ("chmod o+x ~", True),
        ("chmod 711 $HOME", True),
        ("chmod 755 /home/$USER", True),
        ("setfacl -m u:www-data:x /home/shop", True),
        ("chown -R shop:www-data /home/shop", True),
        ("chmod -R 755 /home/shop/static", False),
        ("chmod +x deploy.sh", False),
        ("chmod 600 ~/.ssh/authorized_keys", False),
    ],
)
def test_what_opens_a_home(tmp_path: Path, command: str, opens: bool) -> None:
    assert provisioning(tmp_path, setup_dot_sh=f"#!/bin/sh\n{command}\n").may_open("/home/shop") is opens


def test_folders_below_run(tmp_path: Path) -> None:
    known = provisioning(
        tmp_path,
        tmpfiles_dot_d__shop_dot_conf="d /run/shop/cache 0755 shop shop -\n",
        setup_dot_sh="mkdir -p /var/run/gunicorn\n",
    )
    assert known.may_exist("/run/shop")
    assert not known.may_exist("/run/gunicorn")
    once = known.made_once("/run/gunicorn")
    assert once is not None
    assert once.text == "mkdir -p /var/run/gunicorn"


@pytest.mark.parametrize(
    "text",
    ["user shop;", "sed -i 's/user www-data/user shop/' /etc/nginx/nginx.conf", "user  shop;\nworker_processes 1;"],
)
def test_whom_nginx_is_told_to_run_as(tmp_path: Path, text: str) -> None:
    assert provisioning(tmp_path, setup_dot_sh=f"{text}\n").accounts == {"shop"}


def test_names_of_units(tmp_path: Path) -> None:
    known = provisioning(tmp_path, setup_dot_sh="cp shop.service /etc/systemd/system/gunicorn.service\n")
    assert known.unit_names == {"shop.service", "gunicorn.service"}


def test_too_much_to_read_is_no_answer(tmp_path: Path) -> None:
    known = provisioning(tmp_path, setup_dot_sh="chmod 755 /srv\n" * 20_000)
    assert not known.complete
    assert known.may_open("/home/shop")
    assert known.may_join("www-data", "shop")
    assert known.may_exist("/run/shop")


@pytest.mark.parametrize(
    "text",
    [
        "chmod " * 30_000, "usermod -aG " * 15_000, "a" * 190_000 + ".service", "user " * 35_000, "/run/" * 35_000,
        "groups:\n" * 12_000 + " " * 90_000, "sed user nginx.conf " * 9_000, "- name: " + "x " * 90_000 + "\ngroups:\n",
        "groups: " + "a," * 80_000, ".service" * 20_000, "{" * 100_000 + "groups: {{",
    ],
)  # fmt: skip
def test_hostile_text_takes_no_time(tmp_path: Path, text: str) -> None:
    started = process_time()
    provisioning(tmp_path, site_dot_yml=text + "\nchmod mode: tmpfiles nginx.conf\n")
    assert process_time() - started < 2
