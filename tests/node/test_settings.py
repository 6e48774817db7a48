"""Settings: what is refused and how the sentence helps; where values come from; what development relaxes."""

import os
import stat
from dataclasses import fields, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from node.settings import (
    Address,
    MailServer,
    Settings,
    SettingsError,
    documentation,
    documentation_table,
    load,
    make_secret,
    read,
)

HOME = {"TALANOA_PUBLIC_URL": "https://home.example"}


def loaded(**given: str) -> Settings:
    return load(HOME | {f"TALANOA_{name}": value for name, value in given.items()}, {})


REFUSED = [
    ("PUBLIC_URL", "http://home.example", "must be https; write https://home.example"),
    ("PUBLIC_URL", "https://home.example:8443", "has a port; write https://home.example without it"),
    ("PUBLIC_URL", "https://home.example/community", "has a path; write https://home.example without it"),
    ("PUBLIC_URL", "https://localhost", "must be a name that other servers can find"),
    ("PUBLIC_URL", "https://node.localhost", "must be a name that other servers can find"),
    ("PUBLIC_URL", "https://192.0.2.1", "must be a name that other servers can find"),
    ("PUBLIC_URL", "https://user@home.example", "write an address such as"),
    ("PUBLIC_URL", "https://h\u00f6me.example", "write a host name"),
    ("PUBLIC_URL", "ftp://home.example", "write an address such as"),
    ("ACCOUNT_DOMAIN", "home.example:8080", "has a port"),
    ("ACCOUNT_DOMAIN", "two words", "write a host name"),
    ("LISTEN", "8080", "write an address and a port"),
    ("LISTEN", "localhost:8080", "write an address and a port"),
    ("LISTEN", "127.0.0.1:99999", "write an address and a port"),
    ("DATA_DIR", " ", "write the path of a folder"),
    ("DATABASE_URL", "mysql://host/name", "write sqlite:///"),
    ("DATABASE_URL", "sqlite://", "write sqlite:///"),
    ("SECRET_KEY", "short", "openssl rand -hex 32"),
    ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example", "write addresses or ranges"),
    ("ALLOWED_NETWORKS", "10.0.0.1/8", "write addresses or ranges"),
    ("STATIC_HOSTS", "a.test:8081", "write name=address:port"),
    ("STATIC_HOSTS", "a.test=127.0.0.1:8081", "only together with TALANOA_ALLOWED_NETWORKS"),
    ("DEVELOPMENT", "perhaps", "write true or false"),
    ("FEDERATION_MODE", "consent", "can't be 'consent' yet; write open or closed"),
    ("FEDERATION_MODE", "half", "write open or closed"),
    ("MEDIA_URL", "media.example", "write an address such as"),
    ("MAIL_URL", "mail.example:25", "write smtp://"),
    ("LANGUAGES", "english", "write language codes"),
    ("LANGUAGES", " ", "write at least one"),
    ("BODY_BYTES", "1 MB", "write a whole number"),
    ("BODY_BYTES", "0", "write a whole number from 1024"),
    ("FETCH_SECONDS", "61", "from 1 to 60"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_a_value_that_cannot_be_used_is_refused_with_a_way_to_mend_it(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(**{name: value})

    assert f"TALANOA_{name}" in str(refused.value)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_secrets_are_in_no_refusal_and_in_no_printed_settings() -> None:
    for name, value in (
        ("SECRET_KEY", "p4ssw0rd"),
        ("DATABASE_URL", "x://u:p4ssw0rd@h/n"),
        ("MAIL_URL", "x://u:p4ssw0rd@h"),
    ):
        with pytest.raises(SettingsError) as refused:
            loaded(**{name: value})
        assert "p4ssw0rd" not in str(refused.value)
    settings = loaded(
        SECRET_KEY="p4ssw0rd" * 4, DATABASE_URL="postgres://u:p4ssw0rd@h/n", MAIL_URL="smtp://u:p4ssw0rd@h"
    )
    assert "p4ssw0rd" not in repr(settings) + repr(settings.mail_url)


def test_a_node_without_an_address_is_told_how_to_get_one() -> None:
    with pytest.raises(SettingsError, match="TALANOA_PUBLIC_URL is missing.*TALANOA_DEVELOPMENT=true"):
        load({}, {})


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(SettingsError, match=r"no setting TALANOA_PUBLC_URL; did you mean TALANOA_PUBLIC_URL\?"):
        load({"TALANOA_PUBLC_URL": "https://home.example"}, {})
    with pytest.raises(SettingsError, match="no setting TALANOA_XYZZY; remove it"):
        load(HOME, {"xyzzy": 1})


def test_other_variables_and_those_of_the_tests_are_ignored() -> None:
    assert load(HOME | {"PATH": "/bin", "TALANOA_TEST_CORPUS": "/somewhere"}, {}) == load(HOME, {})


def test_the_environment_wins_over_the_file() -> None:
    settings = load(
        HOME | {"TALANOA_BODY_BYTES": "2048"},
        {"body_bytes": 4096, "upload_bytes": 5000, "languages": ["fr", "en"], "development": False},
    )

    assert (settings.body_bytes, settings.upload_bytes, settings.languages) == (2048, 5000, ("fr", "en"))


def test_every_kind_of_value_is_read() -> None:
    settings = loaded(
        LISTEN="[::1]:9000",
        DATA_DIR="/srv/talanoa",
        TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8",
        ALLOWED_NETWORKS="127.0.0.0/8",
        STATIC_HOSTS="a.test=127.0.0.1:8081,b.test=127.0.0.1:8082",
        FEDERATION_MODE="allowlist",
        MEDIA_URL="https://media.example/",
        MAIL_URL="smtps://me%40mail.example:p%3Aw@mail.example",
        BODY_BYTES="1_000_000",
    )

    assert settings.listen == Address("::1", 9000)
    assert str(settings.listen) == "[::1]:9000"
    assert settings.data_dir == Path("/srv/talanoa")
    assert settings.database_url == "sqlite:////srv/talanoa/talanoa.db"
    assert settings.trusted_proxies == (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))
    assert settings.static_hosts == (("a.test", Address("127.0.0.1", 8081)), ("b.test", Address("127.0.0.1", 8082)))
    assert settings.federation_mode == "closed"
    assert settings.media_url == "https://media.example"
    assert settings.mail_url == MailServer("mail.example", 465, "me@mail.example", "p:w", tls=True)
    assert settings.body_bytes == 1_000_000


def test_what_is_not_given_follows_from_what_is() -> None:
    settings = load(HOME, {})

    assert (settings.origin, settings.host, settings.account_domain) == (
        "https://home.example",
        "home.example",
        "home.example",
    )
    assert (settings.mail_from, settings.mail_url) == ("talanoa@home.example", None)
    assert (str(settings.listen), settings.body_bytes) == ("127.0.0.1:8080", 1_048_576)


def test_development_relaxes_scheme_port_localhost_and_the_cookie_and_nothing_else() -> None:
    """A list, so that a sixth relaxation fails here."""
    relaxed = load({"TALANOA_DEVELOPMENT": "true", "TALANOA_PUBLIC_URL": "http://localhost:8080"}, {})
    strict = load(HOME, {})

    assert (relaxed.public_url, relaxed.account_domain) == ("http://localhost:8080", "localhost:8080")
    assert (relaxed.cookie_name, relaxed.cookie_secure) == ("session", False)
    assert (strict.cookie_name, strict.cookie_secure) == ("__Host-session", True)
    different = {each.name for each in fields(Settings) if getattr(relaxed, each.name) != getattr(strict, each.name)}
    assert different == {"development", "public_url", "account_domain", "mail_from"}
    for name, value, _ in REFUSED:
        if name not in ("PUBLIC_URL", "ACCOUNT_DOMAIN"):
            with pytest.raises(SettingsError):
                load({"TALANOA_DEVELOPMENT": "true"} | {f"TALANOA_{name}": value}, {})
    with pytest.raises(SettingsError, match="has a path"):
        load({"TALANOA_DEVELOPMENT": "true", "TALANOA_PUBLIC_URL": "http://localhost:8080/x"}, {})


def test_the_file_is_read_from_the_folder_or_from_where_config_says(tmp_path: Path) -> None:
    (tmp_path / "talanoa.toml").write_text('public_url = "https://here.example"\n')
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text('public_url = "https://there.example"\n')

    assert read({}, directory=tmp_path).host == "here.example"
    assert read({"TALANOA_CONFIG": str(elsewhere)}, directory=tmp_path).host == "there.example"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read: No such file"):
        read({"TALANOA_CONFIG": str(tmp_path / "none.toml")})
    (tmp_path / "talanoa.toml").write_text("public_url = https://home.example")
    with pytest.raises(SettingsError, match="not valid TOML"):
        read({}, directory=tmp_path)


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = replace(load(HOME, {}), data_dir=tmp_path / "data")

    first, again = make_secret(settings), make_secret(settings)

    path = tmp_path / "data" / "secret-key"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert (len(first.secret_key), again.secret_key) == (64, first.secret_key)
    assert read(HOME | {"TALANOA_DATA_DIR": str(tmp_path / "data")}, directory=tmp_path).secret_key == first.secret_key


def test_a_given_secret_key_writes_no_file_and_a_broken_file_is_refused(tmp_path: Path) -> None:
    given = replace(load(HOME, {}), data_dir=tmp_path, secret_key="k" * 32)
    assert make_secret(given) == given
    assert not (tmp_path / "secret-key").exists()

    (tmp_path / "secret-key").write_text("short")
    with pytest.raises(SettingsError, match="secret-key can't be used"):
        read(HOME | {"TALANOA_DATA_DIR": str(tmp_path)}, directory=tmp_path)


def test_every_setting_is_documented_with_a_meaning_and_numbers_with_a_unit_or_a_plain_count() -> None:
    found = documentation()

    assert [row.name for row in found] == [f"TALANOA_{each.name.upper()}" for each in fields(Settings)]
    assert all(row.meaning for row in found)
    assert {row.default for row in found if row.name == "TALANOA_BODY_BYTES"} == {"1048576"}
    assert documentation_table().count("\n") == len(found) + 2
