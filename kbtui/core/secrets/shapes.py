"""Secrets that are known by what stands before them: a command, an option, the name of a setting."""

from __future__ import annotations

from kbtui.core.secrets.rules import ANY_GAP, ARGUMENTS, BARE, GAP, VALUE, Rule, rule

_PASSWORDS = r"password|passwd|passphrase|passwort|passcode|(?<=[a-z][_.-])pass|(?<![a-z])(?:pwd?|psk)"
_KEYS = (
    r"secret|token|(?:api|access|secret|private|auth|account|encryption|signing|shared|master|client|app|license)[_-]?key"
    r"|apikey|credentials?|(?<=[_\"'])auth"
)
_BEGINNINGS = "pass pw psk"
_KEY_BEGINNINGS = (
    "secret token api access private auth account encryption signing shared master client app license credential"
)

# A name may be in quotes or brackets, and JSON may stand in a string: `"password": "x"`, `{\"password\":\"x\"}`.
_AFTER_NAME = r"(?:\\?[\"']\]?)?"
_QUOTED = r"(?:\\\"([^\"\\\n]++)|\"((?:[^\"\\\n]|\\[^\n])++)|'([^'\n]++))"
# What a call or an index follows is no value: `getpass(`, `os.environ[`.
_WORD = r"(?![\"'\\])((?:[^\s\"'`,;&<>()\[\]{}\\]|,(?=[^\s\"']))++)(?![(\[{])"
_ONE_WORD = r"(?:\\\"([^\"\\\s]++)|\"((?:[^\"\\\s]|\\[^\n])++)|'([^'\s]++))(?![ \t])"
# Prose goes on, and code has names: `Password: the one in the vault`, `password: string`.
_NO_PROSE = r"(?![A-Za-z_.]++(?:[\s,;}\])\"'<]|$))(?=\S{0,100}?(?:\d|[ \t]*(?:$|[,;}\])#&|\"'<\\])))"

_FLAG = rf"(?=\s){ARGUMENTS}(?<=\s)"


def _option(ends: str) -> str:
    return rf"(?<!\S)--?(?!no-|ask-|with-)(?i:(?:[a-z0-9]{{1,20}}-){{0,4}}(?:{ends}))(?:=|[ \t]++)"


COMMANDS: tuple[Rule, ...] = (
    rule(
        "password of mysql",
        rf"(?<![\w-])(?:mysql|mysql\w+|mariadb(?:-\w+)?|mycli|xtrabackup){_FLAG}-p(?=\S){VALUE}",
        "mysql mariadb mycli xtrabackup",
        r"""mysql -u root -p«orchid-77» shop
        mysqldump -uapp -p'«orchid 77»' shop
        /usr/bin/mysql --batch -p"«orchid-77»" shop""",
        """mysql -p shop
        mysql -p"$DB_PASS" shop
        mysql -P3306 -h db; mkdir -pv x""",
    ),
    rule(
        "password of a login",
        rf"(?<![\w-])(?:docker|podman|nerdctl|buildah|skopeo|oras|crane|helm|az|oc|cf|ibmcloud)"
        rf"(?:[ \t]+[^\s;|&]{{1,80}}){{0,3}}?[ \t]+login{_FLAG}-p(?:=|{ANY_GAP}){VALUE}",
        "docker podman nerdctl buildah skopeo oras crane helm az oc cf ibmcloud",
        """docker login -u ci -p «orchid-77» registry.example.org
        oc login -p «orchid-77» -u dev""",
        """docker run -p 8080:80 login
        docker login -p $PASS
        docker login -u ci -p <password>""",
    ),
    rule(
        "password of a client",
        rf"(?<![\w-])(?:(?:mongo|mongosh|mongo(?:dump|restore|export|import|stat|top)|twine|snowsql){_FLAG}-p"
        rf"|(?:sqlcmd|bcp|ipmitool){_FLAG}-P|redis-cli{_FLAG}-a|ldap\w+{_FLAG}-w|openssl{GAP}enc{_FLAG}-k|sshpass{GAP}-p"
        rf"|(?:zip|unzip|7z){_FLAG}-[pP](?=\S))(?:=|{ANY_GAP}){VALUE}",
        "mongo twine snowsql sqlcmd bcp ipmitool redis-cli ldap sshpass openssl zip 7z",
        """mongosh -u ops -p «orchid-77» --host db
        redis-cli -h cache -a «orchid-77» ping
        sshpass -p'«orchid-77»' ssh web1
        ldapsearch -x -w «orchid-77» -b dc=example
        sqlcmd -S db -U sa -P «orchid-77»""",
        """mongosh -p --host db
        redis-cli -a "$REDIS_PASSWORD" ping
        redis-cli -p 6379
        ldapsearch -x -W
        sshpass -e ssh web1""",
    ),
    rule(
        "password of an HTTP client",
        rf"(?<![\w-])(?:curl|wget|https?|xh){_FLAG}(?:-[a-zA-Z#]{{0,6}}[uUa]|--(?:proxy-)?user|--auth)(?:=|{ANY_GAP})"
        rf"(?:'[^'\n:]{{0,100}}:([^'\n]+)|\"[^\"\n:]{{0,100}}:((?:[^\"\\\n]|\\[^\n])+)|[^\s\"':]{{1,100}}:({BARE}+))",
        "curl wget http xh",
        """curl -su ops:«orchid-77» https://es1:9200
        curl https://es1 --user 'ops:«orchid 77»'
        http -a ops:«orchid-77» es1:9200/_cat""",
        """curl -u ops https://es1:9200
        curl -u "$ES_USER:$ES_PASS" https://es1
        curl -o a.txt https://es1:9200""",
    ),
    rule(
        "password of htpasswd",
        rf"(?<![\w-])htpasswd(?=[^\n;|&]{{0,60}}[ \t]-[a-zA-Z]{{0,6}}b)(?:{GAP}[^\s;|&'\"]+){{2,6}}?{GAP}{VALUE}"
        rf"(?=[\"']?{ANY_GAP}(?:$|[;|&>)#`]))",
        "htpasswd",
        """htpasswd -b /etc/nginx/.htpasswd ops «orchid-77»
        htpasswd -nbB ops '«orchid-77»' >> .htpasswd""",
        """htpasswd -c .htpasswd ops
        htpasswd -nb ops "$PASS" """,
    ),
    rule(
        "passphrase of openssl",
        rf"(?<=\s)-pass(?:in|out|word)?{GAP}(?:'pass:([^'\n]+)|\"pass:([^\"\n]+)|pass:({BARE}+))",
        "-pass",
        """openssl rsa -in a.pem -passin pass:«orchid-77» -out b.pem
        openssl enc -aes256 -pass 'pass:«orchid 77»'""",
        """openssl rsa -passin env:PASS
        openssl rsa -passin pass:$PASS""",
    ),
    rule(
        "password of a key store",
        rf"(?<=\s)-(?:src|dest|new)?(?:store|key)pass(?:wd)?{GAP}{VALUE}",
        "-storepass -keypass -srcstorepass -srckeypass -deststorepass -destkeypass -newstorepass -newkeypass",
        "keytool -list -keystore a.jks -storepass «orchid-77»",
        "keytool -list -storepass $PASS",
    ),
    rule(
        "secret in a pipe",
        rf"(?<![\w-])(?:echo|printf){GAP}(?:-[neE]+{GAP})*+(?:'(?:[\w.-]{{1,64}}:)?([^'\n]{{1,200}})'"
        rf"|\"(?:[\w.-]{{1,64}}:)?([^\"\n]{{1,200}})\"|(?:[\w.-]{{1,64}}:)?({BARE}{{1,200}})){ANY_GAP}\|{ANY_GAP}"
        rf"(?:sudo[ \t][^|\n]{{0,60}}?-S\b|(?:sudo{GAP})?(?:kinit|chpasswd|smbpasswd|passwd|cryptsetup)\b"
        r"|[^|;\n]{1,120}?(?:--password-stdin|--with-token|--pass-?stdin))",
        "echo printf",
        """echo «orchid-77» | kinit ops
        echo 'root:«orchid-77»' | sudo chpasswd
        printf "«orchid 77»" | docker login -u ci --password-stdin""",
        """echo "$PASS" | sudo -S ls
        echo done | tee log""",
    ),
    rule(
        "secret in a here string",
        rf"(?:--password-stdin|--with-token|(?<!\w)sudo[ \t][^|\n]{{0,60}}?-S\b|(?<!\w)kinit\b)"
        rf"[^\n|;<]{{0,80}}<<<{ANY_GAP}{VALUE}",
        "--password-stdin --with-token sudo kinit",
        "gh auth login --with-token <<< «orchid-77»",
        'docker login --password-stdin <<< "$TOKEN"',
    ),
    rule(
        "password of a user of Windows",
        rf"(?i:(?<![\w-])(?:smbclient|rpcclient|smbget|winexe){_FLAG}(?:-U|--user=?){ANY_GAP}[\"']?[^\s%\"']{{1,64}}%"
        rf"|(?<=\s)/user:\S{{1,64}}{GAP}){VALUE}",
        "smbclient rpcclient smbget winexe /user:",
        r"""smbclient //nas/share -U ops%«orchid-77»
        net use \\nas\share /user:ops «orchid-77»""",
        r"""smbclient //nas/share -U ops
        net use x: /user:ops""",
    ),
    rule(
        "argument that is a secret",
        rf"(?<![\w-])(?:nmcli{_FLAG}password|rabbitmqctl{_FLAG}(?:add_user|change_password|authenticate_user){GAP}\S{{1,64}}"
        rf"|wpa_passphrase{GAP}\S{{1,64}}|login{GAP}\S{{1,100}}{GAP}password|requirepass|masterauth){GAP}{VALUE}",
        "nmcli rabbitmqctl wpa_passphrase login requirepass masterauth",
        """nmcli device wifi connect office password «orchid-77»
        rabbitmqctl add_user ops «orchid-77»
        machine git.example.org login ops password «orchid-77»
        requirepass «orchid-77»""",
        """rabbitmqctl list_users
        requirepass $REDIS_PASSWORD""",
    ),
    rule(
        "token of a login",
        rf"(?<![\w-])(?:vault{GAP}(?:login|operator{GAP}unseal|unseal){GAP}(?:-\S+{GAP})*+"
        rf"|aws{GAP}configure{GAP}set{GAP}[\w.-]*(?:secret|token|key)[\w.-]*{GAP}){VALUE}",
        "vault aws",
        "vault login «s·.a1B2c3d4E5f6g7H8»",
        "vault login -method=oidc",
        is_generated=True,
    ),
    rule(
        "password of an Oracle client",
        rf"(?<![\w-])(?:sqlplus|expdp|impdp|rman|sqlldr){GAP}(?:-\S+{GAP})*+[\"']?[\w$#]{{1,64}}/((?:(?!@){BARE})+)",
        "sqlplus expdp impdp rman sqlldr",
        "sqlplus -s app/«orchid77»@//ora1/ORCL",
        """sqlplus / as sysdba
        sqlplus app/$PASS@db""",
    ),
    rule(
        "password in an option",
        _option("password|passwd|passphrase|pass|pwd") + r"(?![\"']?(?:pass|env|file|fd):)" + VALUE,
        "-- -pass",
        """mysqladmin --password=«orchid-77» status
        twine upload --password "«orchid 77»" dist/*
        java -jar a.jar -password «orchid-77»""",
        """app --password-file /run/secrets/pw
        app --password "$PASS"
        app --password --verbose
        psql --no-password shop
        ansible-playbook --ask-pass site.yml""",
    ),
    rule(
        "secret in an option",
        _option(_KEYS) + VALUE,
        "--",
        """app --api-key «a1B2·c3d4E5f6»
        app --auth-token=«a1B2·c3d4E5f6»""",
        """app --token $TOKEN
        docker service create --secret db-credentials web
        app --secret-id prod/db/password
        app --sort-key created_at""",
        is_generated=True,
    ),
)

SETTINGS: tuple[Rule, ...] = (
    rule(
        "password in a URL",
        r"://[^\s/:@\"'<>`]{0,100}:([^\s/\"'<>`]{1,300})@(?=[\w\[$<{%])",
        "://",
        """postgres://app:«orchid-77»@db1:5432/shop
        redis://:«orchid@77»@cache1
        https://ops:«orchid-77»@$HOST/x""",
        """https://example.org:8080/x@y
        postgres://app:$PASS@db1
        https://user:password@example.org""",
    ),
    rule(
        "token in a URL",
        r"://([A-Za-z0-9_-]{20,100})@(?=[\w\[$<{%])",
        "://",
        "git clone https://«a1B2c3d4E5·f6g7H8i9J0»@git.example.org/x.git",
        "https://someone-with-a-long-name@example.org",
        is_generated=True,
    ),
    rule(
        "authorization header",
        r"(?i:authorization(?:\\?[\"'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\?[\"'])?(?:bearer|token|basic|apikey)[ \t]+)"
        r"([A-Za-z0-9._~+/=-]{6,})",
        "authorization",
        """curl -H 'Authorization: Bearer «a1B2·c3d4E5f6»' $URL
        "Authorization": "Basic «b3JjaGlk·LTc3»"
        """,
        """Authorization: Bearer $TOKEN
        Authorization: Bearer <token>
        Authorization: Bearer YOUR_TOKEN""",
    ),
    rule(
        "session cookie",
        r"(?i:cookie:[^\n]{0,200}?(?:sess\w*|sid|token|auth|jwt|csrf\w*)=)([^\s;,\"']{16,})",
        "cookie:",
        "Set-Cookie: sessionid=«a1b2c3d4·e5f6g7h8i9»; HttpOnly",
        "Set-Cookie: theme=dark; Path=/",
        is_generated=True,
    ),
    rule(
        "password in SQL",
        r"(?i:\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?|\bpassword[ \t]*[(=]?[ \t]*)'([^'\n]+)'",
        "identified password",
        """CREATE USER app IDENTIFIED BY '«orchid-77»';
        ALTER ROLE app WITH PASSWORD '«orchid-77»';""",
        """ALTER ROLE app PASSWORD '<password>';
        CREATE ROLE app PASSWORD :'app_password';""",
    ),
    rule(
        "password in XML",
        rf"(?i:{_PASSWORDS}|secret|token|apikey)>([^<>\s]{{1,200}})</",
        f"{_BEGINNINGS} secret token apikey",
        "<db.password>«orchid-77»</db.password>",
        "<password>${env.PASS}</password>",
    ),
    rule(
        "secret in the environment of an image",
        rf"\b(?:ENV|ARG|setenv|setx)\s+\w{{0,60}}?(?i:{_PASSWORDS}|{_KEYS})\s+{VALUE}",
        "env arg setenv setx",
        "ENV DB_PASSWORD «orchid-77»",
        "ENV DB_PASSWORD_FILE /run/secrets/db",
    ),
    rule(
        "password in a file of PostgreSQL",
        r":(?:5432|6432|\*):[^:\s]{1,100}:[^:\s]{1,100}:(\S+)[ \t]*$",
        ":5432: :6432: :*:",
        "db1:5432:shop:app:«orchid-77»",
        "db1:5432:shop:app:$PASS",
    ),
    rule(
        "password in a variable",
        rf"(?i:{_PASSWORDS}){_AFTER_NAME}=(?!=)(?:{_QUOTED}|{_WORD})",
        _BEGINNINGS,
        """PGPASSWORD=«orchid-77» psql -h db1
        export DB_PASS="«orchid 77»"
        spring.datasource.password=«orchid77»
        host=db1 password=«orchid-77»""",
        """PGPASSWORD=$PASS psql
        OLDPWD=/srv/app
        password=getpass("x")
        login(user, password=password)
        password==x1234""",
    ),
    rule(
        "password in a setting",
        rf"(?i:{_PASSWORDS}){_AFTER_NAME}[ \t]*(?::=|=>|:(?![:=])|=(?![=~]))[ \t]*"
        rf"(?:{_ONE_WORD}|{_NO_PROSE}{_WORD})",
        _BEGINNINGS,
        """password: «orchid-77»
        "db_password": "«orchid77»",
        wifi-sec.psk: «orchid-77»
        {\\"password\\": \\"«orchid77»\\"}""",
        """password: ********
        password: "{{ vault_password }}"
        Password: the one in the vault
        password = config.database.password
        password: string""",
    ),
    rule(
        "secret in a setting",
        rf"(?i:{_KEYS}){_AFTER_NAME}[ \t]*(?::=|=>|:(?![:=])|=(?![=~]))[ \t]*(?:{_QUOTED}|{_WORD})",
        _KEY_BEGINNINGS,
        """export API_KEY=«a1B2·c3d4E5f6»
        client_secret: "«a1B2·c3d4E5f6»"
        X-Auth-Token: «a1B2·c3d4E5f6»
        ?access_token=«a1B2·c3d4E5f6»&x=1
        "auth": "«Y2k6b3JjaG·lkLTc3»"
        _auth=«Y2k6b3JjaG·lkLTc3»""",
        """API_KEY=your-api-key-1
        secret: web-tls
        "auth": "scram-sha-256"
        token = await getToken(user.id)
        cache_key: "user:{{ id }}\"""",
        is_generated=True,
    ),
)
