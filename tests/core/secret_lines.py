"""Lines that the rules for secrets were not written from: they tell how much the rules find, and how much too much.

Nothing here is a secret of anyone. In a line with secrets each stands between « and »; a · stands for nothing, and
keeps other programs from taking what it divides for real.
"""

from __future__ import annotations

import re

_MARKED = re.compile("«([^»]*)»")


def read(line: str) -> tuple[str, list[str]]:
    """A line as one would paste it, and the secrets in it."""
    whole = line.replace("·", "")
    return _MARKED.sub(r"\1", whole), _MARKED.findall(whole)


SECRETS = r"""
aws configure set aws_access_key_id «AKI·AQ5ZT7WNM2LXKD4RP»
aws_secret_access_key = «m8Kq/2vTzW+r4YbNc7Hs1Lx·Pg9JdUeRf0AoZi3Qk»
export AWS_SESSION_TOKEN=«FwoGZXIvYXdzEJr//////////wEaDK·9sQw7bT3nVxYk2LmSKqAe»
git clone https://oauth2:«glpat·-x7Rq2LmNv9TzKw4YbPsD»@git.corp.example.org/ops/infra.git
git remote set-url origin https://deploy:«Tr0mbone-Slide-77»@code.example.org/infra.git
gh auth login --with-token <<< «ghp·_Zk3Vq8LwNx2RtYb7MsPc4HdJf9GuKaEoQi1X»
curl -H "Authorization: token «github·_pat_11AB7XKQY0zLm3NvRt8Ws_kPq5YbTz2HcJd7GfUeXo4AiMv9LrSw6BnKtDy1CpZgQhExVu3FjO»" https://api.example.org
curl -H 'PRIVATE-TOKEN: «glpat·-Nq3vXr8ZtLw5YkBmPs2D»' https://git.example.org/api/v4/projects
curl -X POST -H "Authorization: Bearer «x·oxb-284719305817-3918274650912-Hk7LqVn2RtXw9YbZmPsD4cJf»" https://slack.example.org/api/chat
curl -s -d '{"text":"deploy done"}' «https://hooks.slack.com/services/T·03K7LQXNV/B05RTWYBZ2M/k8PqXv3LnRt7WyZb2MsDcHf9»
stripe charges list --api-key «sk·_live_51Hq7XvLnRt3WyZb9MsPcDk2JfGuKe»
curl https://api.example.org/v1/charges -u «sk·_test_4eQ9XvLnRt7WyZb2MsPcDk3J»:
curl "https://maps.example.org/maps/api/geocode/json?address=x&key=«AIza·SyB7qXvLnRt3WyZb9MsPcDk2JfGuKe5HaO8»"
//registry.npmjs.org/:_authToken=«npm·_h7QxVnLr3TwYzBk9MsPcDj2FgUeKaO5Hi8Rt»
twine upload -u __token__ -p «pypi·-AgEIcHlwaS5vcmcCJGQ3YjE4ZjYyLTkxN2EtNGM1ZC1iM2U4LWY2YTI5MGM0ZDE3NwACKl» dist/*
curl -H "Authorization: Bearer «eyJhbGciOiJIUzI1NiJ9·.eyJzdWIiOiI3NDE5In0.k3VqXvLnRt7WyZb2MsPcDk»" $URL
VAULT_TOKEN=«hvs·.CAESIJq7XvLnRt3WyZb9MsPcDk2JfGuKe5HaOi8R» vault kv get secret/app
vault login «s·.k7QxVnLr3TwYzBk9MsPcDj2F»
doctl auth init -t «dop·_v1_8f3a91c7e2b64d05a7c9e1f38b2d6047c5a9e3f1b7d28046e9c1a5f37b8d2e60»
curl https://api.telegram.example.org/bot«6194·827305:AAHk7QxVnLr3TwYzBk9MsPcDj2FgUeKaO5H»/getMe
curl --user «AC·7f3a91c7e2b64d05a7c9e1f38b2d6047»:«9c1a5f37b8d2e608f3a91c7e2b64d05a» https://api.twilio.example.org/x.json
SENDGRID_API_KEY=«SG·.k7QxVnLr3TwYzBk9MsPcDj.2FgUeKaO5Hi8RtXw4NvLq7ZbMsPcDkJfGuKeHa1Yz3T»
AccountName=opslogs;AccountKey=«k7QxVnLr3TwYzBk9MsPcDj2FgUeKaO5Hi8RtXw4NvLq7ZbMsPcDkJfGuKeHa1Yz·3TqR8vWm2XnLp5Yb6Kd4Q==»
mysql -u root -p«Winter·Storm19» shop < dump.sql
mysqldump -h db1 -uapp -p'«k7!Qx·Vn»' --single-transaction shop | gzip > shop.sql.gz
mysqladmin -u root --password=«orange·Kettle4» status
PGPASSWORD=«blue·whale_42» psql -h db1 -U app -c 'select 1'
psql "host=db1 port=5432 dbname=shop user=app password=«blue·whale_42»"
psql postgres://app:«s3a·green»@db1.internal:5432/shop
DATABASE_URL=postgresql://svc_app:«Vx9!kq2·L»@10.2.3.4/orders?sslmode=require
mongosh "mongodb+srv://ops:«mango·Tree88»@cluster0.example.net/admin"
mongodump --host db3 -u backup -p «pearl·River5» --authenticationDatabase admin
redis-cli -h cache1 -a «Q7xv·Lnr3Tw» info memory
redis-cli -u redis://:«Q7xv·Lnr3Tw»@cache1:6379/0 ping
REDISCLI_AUTH=«Q7xv·Lnr3Tw» redis-cli ping
docker login -u ci -p «Harbor·Light9» registry.example.org
docker login --username ci --password «Harbor·Light9» registry.example.org
docker run -d -e MYSQL_ROOT_PASSWORD=«toor·Toor7» -p 3306:3306 mysql:8
sshpass -p '«Sum·mer2031!»' ssh admin@10.0.0.7 uptime
sshpass -p«Sum·mer2031» scp dump.gz admin@10.0.0.7:/tmp/
htpasswd -bB /etc/nginx/.htpasswd ops «quiet·Forest3»
htpasswd -nb ops «quiet·Forest3»
curl -u admin:«Copper·Moon12» http://es1:9200/_cat/indices
curl --silent --user 'elastic:«Copper·Moon12»' http://es1:9200/_cluster/health
wget --http-user=ops --http-password=«tiger·Lily6» https://files.example.org/a.tgz
curl -H "X-API-Key: «7c1a5f37b8d2e608·f3a91c7e2b64»" https://api.example.org/v2/status
curl -H "Authorization: Basic «YWRtaW46Q29wcGVy·TW9vbjEy»" https://es1:9200
openssl pkcs12 -in a.p12 -passin pass:«velvet·Hammer2» -nodes -out a.pem
openssl enc -aes-256-cbc -k «velvet·Hammer2» -in a -out b
keytool -importkeystore -srckeystore a.jks -srcstorepass «change·It77» -destkeystore b.p12
ldapsearch -x -D cn=admin,dc=example,dc=org -w «Lantern·5weg» -b dc=example,dc=org
echo '«Lantern·5weg»' | kinit ops@EXAMPLE.ORG
echo 'root:«New·Root-Pw1»' | chpasswd
echo "«Sum·mer2031!»" | sudo -S systemctl restart nginx
smbclient //nas/share -U ops%«cactus·Bloom4» -c ls
kubectl create secret generic db --from-literal=password=«ivory·Tower81» -n shop
helm upgrade --install redis bitnami/redis --set auth.password=«ivory·Tower81»
ansible-playbook site.yml -e "ansible_become_pass=«Sum·mer2031!»"
  password: «ivory·Tower81»
  db_password: "«k7Qx·VnLr3Tw»"
{"username": "ops", "password": "«k7Qx·VnLr3Tw»"}
{"client_id": "7741", "client_secret": "«Zk3~Vq8LwNx2·RtYb7MsPc4HdJf9GuKaEo»"}
spring.datasource.password=«Gr4nite·Peak»
<password>«Gr4nite·Peak»</password>
machine git.example.org login ops password «Gr4nite·Peak»
CREATE USER app IDENTIFIED BY '«Gr4nite·Peak»';
ALTER ROLE app WITH PASSWORD '«Gr4nite·Peak»';
SET PASSWORD FOR 'app'@'%' = PASSWORD('«Gr4nite·Peak»');
requirepass «Q7xvLnr3Tw·YzBk9M»
SECRET_KEY = "«django-insecure-k7q#xvnl^r3twy·zbk9ms@pcdj2fgu»"
ENV API_TOKEN «7c1a5f37b8d2e608·f3a91c7e2b64d05a»
export OPENAI_API_KEY=«sk·-proj-k7QxVnLr3TwYzBk9MsPcDj2FgUeKaO5Hi8RtXw4NvLq7»
GET /callback?state=ab12&access_token=«ya29·.a0AfB_k7QxVnLr3TwYzBk9MsPcDj2FgUeKaO5Hi8Rt» HTTP/1.1
nmcli device wifi connect office password «Guest·Lounge7»
ipmitool -I lanplus -H bmc1 -U admin -P «Iron·Gate44» chassis status
net use \\nas\share /user:ops «cactus·Bloom4»
sqlplus app/«Gr4nite·Peak»@//ora1:1521/ORCL
restic -r s3:s3.example.org/b --password-command 'echo «Gr4nite·Peak»' snapshots
AGE-SECRET-KEY-«1QL3Z7HJY54PW3HYW·W5AYYFG7ZQGVC7W3J2ELW8ZMRJ2KG5SFN9AQ8Z»
Set-Cookie: sessionid=«k7qxvnlr3twyzbk9·mspcdj2fgu»; HttpOnly; Secure
rabbitmqctl change_password ops «Bunny·Hop33»
az login --service-principal -u 7f3a -p «Zk3~Vq8LwNx2·RtYb7MsPc4HdJf9GuKaEo» --tenant corp
""".strip().splitlines()

CLEAN = r"""
git checkout 9c1a5f37b8d2e608f3a91c7e2b64d05a7f3a91c7
git log --format=%H -1 # 4be0c1b7d28046e9c1a5f37b8d2e60f3a91c7e2b
image: redis@sha256:8f3a91c7e2b64d05a7c9e1f38b2d6047c5a9e3f1b7d28046e9c1a5f37b8d2e60
sha256sum kbtui.tgz # 8f3a91c7e2b64d05a7c9e1f38b2d6047c5a9e3f1b7d28046e9c1a5f37b8d2e60
request_id=3f2b8c1e-7d94-4a60-b1c5-9e8f7a6d5c4b status=502 upstream=10.2.3.4:8080
trace_id: 4bf92f3577b34da6a3ce929d0e0e4736
ETag: "5d8c72a5edda8d6a5f2c3b1e"
mysql -u root -p
mysql -u root -p shop
mysql -u app -p"$DB_PASS" shop
mysql --password="$DB_PASS" -e 'show processlist'
mysqldump -p${MYSQL_PWD} shop
mkdir -p /srv/app/releases
docker run -p 8080:80 -d nginx
docker login -u ci --password-stdin registry.example.org < token.txt
docker login -u ci -p <password> registry.example.org
ssh -p 2222 ops@web1
scp -P 2222 a.txt ops@web1:/tmp
psql -U postgres -p 5432 -c 'select 1'
PGPASSWORD=$DB_PASS psql -h db1
PGPASSFILE=~/.pgpass psql -h db1
export DB_PASSWORD=$(pass show db/prod)
export TOKEN=$(kubectl -n kube-system get secret admin -o jsonpath='{.data.token}' | base64 -d)
curl -u admin https://es1:9200
curl -u "$ES_USER:$ES_PASS" https://es1:9200
curl -u <user>:<password> https://es1:9200
curl -H "Authorization: Bearer $TOKEN" https://api.example.org
curl -H "Authorization: Bearer <token>" https://api.example.org
curl -H 'Authorization: Bearer {{ token }}' https://api.example.org
curl -H "Authorization: Bearer YOUR_API_TOKEN" https://api.example.org
curl -H "X-Api-Key: ${API_KEY}" https://api.example.org
curl -sS -o /dev/null -w '%{http_code} %{time_total}\n' https://example.org/health
redis-cli -a $REDIS_PASSWORD info
redis-cli -h cache1 -p 6379 --latency
sshpass -e ssh admin@10.0.0.7
sshpass -f /run/secrets/pw ssh admin@10.0.0.7
htpasswd -c /etc/nginx/.htpasswd ops
openssl pkcs12 -in a.p12 -passin env:P12_PASS -nodes
openssl pkcs12 -in a.p12 -passin pass:$P12_PASS
openssl req -new -newkey rsa:2048 -nodes -keyout server.key -out server.csr
openssl rand -hex 32
keytool -list -keystore a.jks -storepass:file /run/secrets/pw
kubectl get secret db-password -o yaml
kubectl create secret generic db --from-file=password=./pw.txt
kubectl create secret tls web --cert=tls.crt --key=tls.key
kubectl describe secret grafana-admin-password -n monitoring
kubectl create token deployer --duration=1h
helm upgrade app ./chart --set image.tag=1.4.2 --set replicas=3
secretName: web-tls
secretKeyRef: {name: db, key: password}
        key: password
existingSecret: redis-auth
imagePullSecrets: [name: regcred]
automountServiceAccountToken: false
password: <PASSWORD>
password: "{{ vault_db_password }}"
password: ${DB_PASSWORD}
password: !vault |
password: ********
password: xxxxxxxx
password: changeme
password: [masked: password in a setting]
Password: the one in the team's vault
Passwords are rotated every 90 days; see the page on rotation.
The token: where it comes from, and how long it lives
PasswordAuthentication no
PermitRootLogin prohibit-password
password_encryption = scram-sha-256
password requisite pam_pwquality.so retry=3
host all all 10.0.0.0/8 scram-sha-256
db_password = os.environ["DB_PASSWORD"]
password = getpass.getpass("Password: ")
password = config.database.password
const token = await getToken(user.id);
token := r.Header.Get("Authorization")
if password == "": raise ValueError("password is empty")
def login(user: str, password: str) -> Token:
self.secret_key = settings.SECRET_KEY
password_hash: $2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW
ops:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00
max_tokens: 4096
tokens_per_second=250 burst=500
token_bucket(rate=100, burst=20)
token_endpoint=https://login.example.org/oauth2/token
"token_type": "bearer", "expires_in": 3600
primary_key: user_id
partition_key = "created_at"
cache_key: "user:{{ id }}:profile"
proxy_cache_key "$scheme$request_method$host$request_uri";
ssl_certificate_key /etc/nginx/tls/server.key;
ssh-keygen -t ed25519 -N '' -f ~/.ssh/deploy
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq7XvLnRt3WyZb9MsPcDk2JfGuKe5HaOi8R7QxVnLr ops@web1
-----BEGIN CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
vault kv get -field=password secret/app
vault token lookup
gpg --armor --export ops@example.org
aws sts get-caller-identity
aws secretsmanager get-secret-value --secret-id prod/db/password
arn:aws:iam::123456789012:role/deployer
AWS_PROFILE=prod AWS_REGION=eu-central-1 terraform plan
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
git commit -m "Rotate the password of the database"
git push https://git.example.org/ops/infra.git HEAD:main
git clone git@github.com:ops/infra.git
ssh://git@git.example.org:2222/ops/infra.git
postgres://app:$PASSWORD@db1/shop
postgres://app:<password>@db1/shop
redis://cache1:6379/0
http://localhost:9090/graph?g0.expr=rate(x[5m])&g0.tab=0
https://grafana.example.org/d/k7QxVnLr3/overview?orgId=1&from=now-6h&key=panel-4
2026-03-01T12:00:00Z ERROR auth: invalid password for user ops from 10.0.0.9
2026-03-01T12:00:00Z WARN token expired for client web-7741
FATAL: password authentication failed for user "app"
Enter passphrase for key '/home/ops/.ssh/id_ed25519':
[sudo] password for ops:
sudo -S true < /run/secrets/pw
echo "$SUDO_PASS" | sudo -S systemctl restart nginx
ldapsearch -x -D cn=admin,dc=example,dc=org -W -b dc=example,dc=org
ansible-playbook site.yml --ask-become-pass --vault-password-file ~/.vault
restic -r s3:s3.example.org/b --password-file /run/secrets/restic snapshots
mongodump --host db3 -u backup --authenticationDatabase admin
CREATE ROLE app LOGIN PASSWORD :'app_password';
ALTER USER app IDENTIFIED BY '<new-password>';
SELECT usename, passwd FROM pg_shadow;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO app;
useradd -m -s /bin/bash ops
passwd -l ops
chage -M 90 ops
pass: 118 fail: 0 skip: 3
key=value pairs are divided by commas
keyboard: us; layout: de
Content-Security-Policy: default-src 'self'; script-src 'nonce-r4nd0m'
Strict-Transport-Security: max-age=63072000; includeSubDomains
X-Request-Id: 7c1a5f37b8d2e608f3a91c7e2b64d05a
Set-Cookie: theme=dark; Path=/; HttpOnly
cargo build --release --target x86_64-unknown-linux-musl
npm config set //registry.npmjs.org/:_authToken=${NPM_TOKEN}
terraform output -raw db_password
systemctl set-environment APP_TOKEN_FILE=/run/secrets/token
find / -name '*password*' -mtime -1
grep -rn 'api_key' config/ | head
journalctl -u sshd | grep 'Failed password'
""".strip().splitlines()
