"""Secrets that are known by their own form, wherever they stand."""

from __future__ import annotations

from kbtui.core.secrets.rules import Rule, rule


def _token(name: str, pattern: str, hints: str, examples: str, clean: str = "") -> Rule:
    """A token that stands for itself: no letter, digit or underscore touches it."""
    return rule(name, rf"(?<![A-Za-z0-9_])(?:{pattern})(?![A-Za-z0-9_])", hints, examples, clean)


# The short tail stands only before the end of the block: words of a text after a heading are no key.
_KEY_BODY = (
    r"(?:\s|\\[nr])*+"
    r"((?:(?:\s|\\[nr])*+(?:[A-Z][A-Za-z-]+: [^\n]*+|[A-Za-z0-9+/]{16,}+={0,2}"
    r"|=?[A-Za-z0-9+/]{1,15}+={0,2}(?=(?:\s|\\[nr])*+-----END)))++)"
)

TOKENS: tuple[Rule, ...] = (
    rule(
        "private key",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----" + _KEY_BODY,
        "-----begin",
        "-----BEGIN RSA PRI·VATE KEY-----\\n«MIIEow·IBAAKCAQEAk7QxVnLr3TwY\\nzBk9Mg==»\\n-----END RSA PRIVATE KEY-----",
        """-----BEGIN PUBLIC KEY-----\\nMIIEowIBAAKCAQEAk7QxVnLr3TwY\\nzBk9Mg==\\n-----END PUBLIC KEY-----
        a file that begins with -----BEGIN PRIVATE KEY----- is never committed""",
    ),
    _token("key of age", r"AGE-SECRET-KEY-1[A-Z0-9]{50,60}", "age-secret", f"«AGE-SECRET-·KEY-1{'Q7ZP' * 14}QX»"),
    _token(
        "AWS access key",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
        "akia asia abia acca",
        """key «AKI·AZ3MQ7WN2LXKD4RPT» used
        «ASI·AZ3MQ7WN2LXKD4RPT»""",
        """AKIAIOSFODNN7EXAMPLE
        AKIAZ3MQ7WN2""",
    ),
    _token(
        "GitHub token",
        r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{36,255}",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        f"""«ghp·_{"a1B2c3" * 6}»
        «github_·pat_{"a1B2c3_" * 11}»""",
        f"ghp_{'x' * 36}",
    ),
    _token(
        "GitLab token",
        r"gl(?:pat|ptt|rt|dt|cbt|ft|soat|agent|imt|oas|ldt|ffct)-[\w-]{20,}",
        "glpat- glptt- glrt- gldt- glcbt- glft- glsoat- glagent- glimt- gloas- glldt- glffct-",
        "«glpat·-a1B2c3d4E5f6g7H8i9J0»",
        "glpat-short",
    ),
    _token(
        "Slack token",
        r"xox[abceoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}",
        "xox xapp-",
        "«xo·xb-284719305817-k7QxVnLr3TwY»",
    ),
    rule(
        "webhook",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/]{20,})|discord(?:app)?\.com/api/webhooks/(\d+/[\w-]{40,})"
        r"|webhook\.office\.com/webhookb2/([\w@/-]{40,})",
        "hooks.slack.com/ discord.com/api discordapp.com/api webhook.office.com/",
        """https://hooks.slack.com/services/«T0·3K7LQXN/B05RTWYBZ/k8PqXv3LnRt7WyZb»""",
        "https://hooks.slack.com/services/$SLACK",
    ),
    _token(
        "Stripe key",
        r"[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/]{24,}=*",
        "sk_ rk_ whsec_",
        "«sk·_live_a1B2c3d4E5f6»",
    ),
    _token(
        "Google key",
        r"AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{28}",
        "aiza ya29. gocspx-",
        f"""key=«AIza·{"a1B2c3d" * 5}»
        «GOCSPX·-{"a1B2" * 7}»""",
    ),
    _token(
        "package registry token",
        r"npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,}|rubygems_[a-f0-9]{48}|dckr_pat_[\w-]{27}|cio[A-Za-z0-9]{32}",
        "npm_ pypi-age rubygems_ dckr_pat_ cio",
        f"""«npm·_{"a1B2c3" * 6}»
        «pypi·-AgE{"a1B2c3" * 10}»
        «dckr·_pat_{"a1B2c3d4E" * 3}»""",
        "npm_config_registry=https://registry.example.org",
    ),
    _token(
        "JSON web token",
        r"eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]{8,}",
        "eyj",
        "«eyJhbGciOiJI·UzI1NiJ9.eyJzdWIiOiI3·NDE5In0.a1B2c3d4E5f6»",
        "eyJhbGciOiJIUzI1NiJ9",
    ),
    _token("Vault token", r"hv[sbr]\.[\w-]{20,}", "hvs. hvb. hvr.", "«hvs·.CAESIJa1B2c3d4E5f6g7H8»", "hvs.example"),
    _token("DigitalOcean token", r"do[opr]_v1_[a-f0-9]{64}", "dop_v1_ dor_v1_ doo_v1_", f"«dop_·v1_{'a1b2c3d4' * 8}»"),
    rule("Telegram token", r"(?<=\d{8}):(AA[\w-]{30,36})(?![\w-])", ":aa", f"bot6194827305:«A·A{'a1B2c3d4E5f' * 3}»"),
    _token("Twilio key", r"SK[0-9a-f]{32}", "sk", f"«SK·{'a1b2c3d4' * 4}»", "SKU1234567890"),
    _token("SendGrid key", r"SG\.[\w-]{16,32}\.[\w-]{32,64}", "sg.", f"«SG·.{'a1B2c3d4E5f' * 2}.{'a1B2c3d4E5f' * 4}»"),
    rule("Azure client secret", r"(?<=\w\d)Q~([\w~.-]{31,34})(?![\w~.-])", "q~", f"a1B8Q·~«{'a1B2c3d' * 4}x~yz»"),
    rule(
        "Azure signature",
        r"(?<=[?&;])sig=([A-Za-z0-9%+/=_-]{30,})",
        "sig=",
        f"?sv=2026-01-01&sig=«{'a1B2c3d4%2F' * 4}»",
        "?sig=short",
    ),
    _token(
        "API key of a language model",
        r"sk-(?:proj|svcacct|admin|ant|or)-[\w-]{20,}|sk-[A-Za-z0-9]{32,}|hf_[A-Za-z0-9]{34}",
        "sk- hf_",
        f"""«sk·-proj-{"a1B2c3d4" * 4}»
        «hf·_{"aBcDeFgHiJkLmNoPq" * 2}»""",
        "sk-circle-fade-dot sk-cube-grid",
    ),
    _token(
        "token of a service",
        r"dapi[a-f0-9]{32}|gl(?:sa|c)_[\w=+/-]{32,}|NRAK-[A-Z0-9]{27}|ATATT3[\w=-]{50,}|sntry[su]_[\w=+/-]{30,}"
        r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|key-[a-f0-9]{32}|lin_api_\w{30,}"
        r"|LTAI[A-Za-z0-9]{12,24}|pul-[a-f0-9]{40}|pscale_(?:tkn|pw)_[\w.=-]{32,}|HRKU-[\w-]{36,}|tskey-[a-z]+-[\w-]{16,}"
        r"|sbp_[a-f0-9]{40}|dp\.(?:pt|st|ct)\.[\w.-]{32,}",
        "dapi glsa_ glc_ nrak- atatt3 sntry shp key- lin_api_ ltai pul- pscale_ hrku- tskey- sbp_ dp.",
        f"""«dapi·{"a1b2c3d4" * 4}»
        «glsa·_{"a1B2c3d4" * 4}_a1b2c3d4»
        «tskey·-auth-{"a1B2c3d4" * 3}»
        «shpat·_{"a1b2c3d4" * 4}»""",
        "git log --key-value tskey-auth",
    ),
)
