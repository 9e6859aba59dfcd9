"""Commands that destroy something.

A pattern begins at the program, without what stands before it: prompt, path, `sudo`, `xargs`.
"""

from __future__ import annotations

from kbtui.core.commands.destructive_rules import Rule, rule

_CLOUDS = (
    "gcloud|az|oci|openstack|hcloud|doctl|ibmcloud|heroku|fly|flyctl|cf|gh|glab|eksctl|kind|minikube|k3d|velero|argocd|"
    "flux|vcluster|linode-cli|consul|nomad|vault|ceph|rados|rbd|rosa|ocm|virtctl|lxc|multipass|firebase|scw|aliyun|qm|pct"
)
_DISK = r"/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|mapper/|dm-|md|loop|\$|<)"
_SYSTEM_FOLDER = r"/(?:etc|usr|var|bin|sbin|lib|lib64|boot|home|opt|root|dev)?(?:/?\*)?/?(?=\s|$)"

COMMANDS: tuple[Rule, ...] = (
    # Files and disks
    rule(
        "deletes files",
        r"rm(?=\s)(?:(?=.*\s(?:-[a-zA-Z]*[rRf]|--recursive|--force))|(?=.*[*?]))",
        """rm -rf /var/cache/app
        rm -f old.log
        rm --recursive build
        rm *.log
        sudo -u app rm -r /srv/app/tmp
        ls | xargs -n 1 rm -f
        ssh -p 22 web-1 'rm -rf /tmp/x'
        kubectl exec pod/web -- rm -rf /cache
        cd /tmp && /bin/rm -rf x
        $ rm -rf x
        bash -c "cd x; rm -rf y"
        rm {{[-r|--recursive]}} {{path}}""",
        """rm old.log
        rm -i old.log
        git rm -r --cached dist
        docker run --rm -f x
        echo "rm -rf /"
        grep 'rm -rf' script.sh
        # rm -rf /
        alias rm='rm -i'
        man rm""",
    ),
    rule(
        "deletes the files that it finds",
        r"find\s.*\s-(?:delete\b|exec(?:dir)?\s+(?:sudo\s+)?(?:\S*/)?(?:rm|shred)\b)",
        r"""find /var/log -name '*.gz' -mtime +30 -delete
        find . \( -name a -o -name b \) -exec rm {} +""",
        "find . -name '*.gz' -print",
    ),
    rule(
        "deletes files at the destination",
        r"rsync\s.*\s--del(?:ete\S*)?(?=\s|$)|rclone\s+(?:sync|purge|delete)\s"
        r"|(?:aws\s+s3|gsutil\s.*rsync).*\s--?d(?:elete)?\b",
        """rsync -a --delete src/ dst/
        rclone sync a: b:
        aws s3 sync . s3://bucket --delete""",
        """rsync -a src/ dst/
        aws s3 sync . s3://bucket""",
    ),
    rule(
        "overwrites files for good",
        r"(?:shred|wipe|srm)\s|mv\s.*\s/dev/null(?=\s|$)|truncate\s.*(?:-s|--size)[ =]?0(?=\s|$)",
        """shred -u key.pem
        mv data /dev/null
        truncate -s 0 /var/log/app.log""",
        "truncate -s 10G disk.img",
    ),
    rule(
        "overwrites a disk",
        r"dd\s.*\bof=['\"]?/dev/(?!null|std|zero|tty|dsp|audio)|blkdiscard\s"
        rf"|.*[^<\d&]>\s*{_DISK}|(?:cp|tee)\s.*\s{_DISK}\w+\s*$",
        """dd if=image.iso of=/dev/sdb bs=4M
        dd if=/dev/zero of={{/dev/sdX}}
        echo x > /dev/sda
        cat image | tee {{image}} /dev/sdb""",
        """dd if=/dev/sda of=disk.img
        dd if=/dev/zero of=/dev/null
        smartctl -a /dev/sda > /tmp/out""",
    ),
    rule(
        "formats a disk",
        r"(?:mkfs(?:\.\w+)?|mke2fs|mkswap|mkdosfs)\s|wipefs\s.*(?:-\w*[ao]|--all|--offset)"
        r"|cryptsetup\s.*(?:luksFormat|erase)\b"
        r"|diskutil\s+(?:erase|zero|secureErase)|nvme\s+(?:format|sanitize)"
        r"|hdparm\s.*--security-erase|mdadm\s.*--zero-superblock"
        r"|Format-Volume\b|Clear-Disk\b|format\s+[a-zA-Z]:",
        """mkfs.ext4 /dev/sdb1
        mkfs -t xfs /dev/sdb1
        sudo wipefs -a /dev/sdb
        cryptsetup luksFormat /dev/sdb""",
        """wipefs /dev/sdb
        cryptsetup luksOpen /dev/sdb x
        man mkfs""",
    ),
    rule(
        "changes partitions",
        r"sgdisk\s.*(?:-[zZod]|--zap|--delete|--clear)|parted\s.*\s(?:mklabel|mktable|rm|resizepart)\b"
        r"|sfdisk\s.*(?:--delete|<)",
        """sgdisk --zap-all /dev/sdb
        parted /dev/sdb mklabel gpt""",
        """parted -l
        sgdisk -p /dev/sdb""",
    ),
    rule(
        "removes a volume or a snapshot",
        r"(?:lv|vg|pv)remove\s|(?:zpool|zfs|stratis)\s(?:.*\s)?destroy\b|btrfs\s+subvolume\s+delete\b"
        r"|snapper\s.*\bdelete\b|tmutil\s+delete",
        """lvremove /dev/vg0/data
        zfs destroy pool/data@monday""",
        "zfs list",
    ),
    rule(
        "changes the rights of system folders",
        rf"(?:chmod|chown|chgrp|setfacl)\s(?=.*(?:-[a-zA-Z]*R|--recursive)).*\s{_SYSTEM_FOLDER}",
        """chmod -R 777 /
        chown --recursive app /etc""",
        """chmod -R g+w /srv/app
        chmod 644 /etc/hosts""",
    ),
    rule(
        "deletes backups or old logs",
        r"(?:restic\s.*\b(?:forget|prune)\b|borg\s.*\b(?:delete|prune)\b|journalctl\s.*--vacuum-)",
        """restic forget --keep-daily 7 --prune
        journalctl --vacuum-time=7d""",
        "restic snapshots",
    ),
    # The machine
    rule(
        "stops the machine",
        r"(?:(?:shutdown|reboot|poweroff|halt)(?!\s+-c\b|\s+--help)(?=\s*$|\s+[-\w+])|(?:tel)?init\s+[06]\b"
        r"|systemctl\s.*?\b(?:reboot|poweroff|halt|kexec|rescue|emergency)\b|(?:Stop|Restart)-Computer\b|:\(\)\s*\{)",
        """sudo reboot
        shutdown -h now
        systemctl reboot
        init 6
        :(){ :|:& };:""",
        """shutdown -c
        last reboot
        systemctl restart nginx
        systemctl list-units""",
    ),
    rule(
        "ends every process",
        r"kill\s+-\S+\s+(?:--\s+)?-1(?=\s*$)",
        "kill -9 -1",
        """kill -1 4711
        kill -9 4711""",
    ),
    rule(
        "removes firewall rules or routes",
        r"ip6?tables\s.*(?:-F|-X|--flush)(?=\s|$)|nft\s+(?:flush|delete)\b|ufw\s.*\breset\b"
        r"|ip\s.*\b(?:addr|address|route|rule)\s+flush\b",
        """iptables -F
        sudo iptables -t nat --flush
        nft flush ruleset""",
        """iptables -L -n
        ip route show""",
    ),
    rule(
        "deletes an account or a crontab",
        r"(?:(?:userdel|deluser|groupdel|delgroup)\s|crontab\s.*-r(?=\s|$))",
        """userdel -r bob
        crontab -r""",
        "crontab -l",
    ),
    # Containers and clusters
    rule(
        "deletes from the cluster",
        r"(?:kubectl|oc|k)\s(?!.*\b(?:auth|wait|explain)\s)(?:.*?\s)?"
        r"(?:delete(?=\s|$)|replace\s.*--force|adm\s+prune|drain\s.*--delete-(?:emptydir|local)-data)",
        """kubectl delete pod web-0
        oc -n app delete pvc data
        kubectl get pods -o name | xargs kubectl delete
        kubectl replace --force -f x.yaml
        oc adm drain node-1 --delete-emptydir-data""",
        """kubectl get pods
        kubectl delete pod x --dry-run=client
        kubectl describe pod delete-me
        kubectl auth can-i delete pods
        kubectl wait --for delete pod/x
        oc auth can-i --list""",
    ),
    rule(
        "takes a cluster or a release down",
        r"helm\s.*?\b(?:uninstall|delete|un)(?=\s)|(?:kubeadm|talosctl)\s+reset\b|k3s(?:-agent)?-uninstall"
        r"|etcdctl\s.*\bdel\b|istioctl\s+uninstall\b|helmfile\s.*\bdestroy\b",
        """helm uninstall web
        helm -n app delete web
        kubeadm reset -f
        etcdctl del --prefix /x""",
        "helm rollback web 3",
    ),
    rule(
        "removes containers, images or volumes",
        r"(?:docker|podman|nerdctl|crictl|docker-compose)\s.*?(?:\bprune(?=\s|$)|(?<=\s)rm[ip]?(?=\s)|\bvolume\s+rm\b"
        r"|(?<=\s)down\s.*(?:-v|--volumes|--rmi)(?=\s|$)|\bswarm\s+leave\b)",
        """docker system prune -af --volumes
        docker volume rm data
        docker rm -f web
        docker compose down -v
        podman rmi image""",
        """docker run --rm image
        docker compose down
        docker ps""",
    ),
    # Infrastructure and clouds
    rule(
        "destroys infrastructure",
        r"(?:terraform|tofu|terragrunt|pulumi|cdk|vagrant)\s(?!.*\bplan\b).*?\bdestroy\b"
        r"|(?:terraform|tofu)\s.*\b(?:state\s+rm|workspace\s+delete)\b"
        r"|virsh\s.*?\b(?:destroy|undefine|vol-delete|pool-delete)\b|VBoxManage\s.*--delete|sls\s+remove\b",
        """terraform destroy -auto-approve
        terraform -chdir=x apply -destroy
        virsh destroy vm""",
        """terraform plan -out x
        terraform plan -destroy""",
    ),
    rule(
        "deletes in the cloud",
        rf"(?:{_CLOUDS})\s(?:.*\s)?(?:delete|destroy|purge|terminate)(?=\s|$)"
        r"|(?:rbd|ceph|rados|doctl)\s(?:.*\s)?(?:rm|remove|rmpool)(?=\s|$)",
        """gcloud compute instances delete web
        az group delete --name x --yes
        gh repo delete me/x
        ceph osd pool delete x x
        ceph fs subvolume snapshot rm vol sub snap""",
        """gcloud compute instances list
        az vm list
        ceph -s
        gh pr merge --delete-branch""",
    ),
    rule(
        "deletes in the cloud",
        r"aws\s(?:.*?\s)?(?:[a-z]+-)?(?:delete|terminate|deregister|purge|remove|release)-[\w-]+"
        r"|aws\s(?:.*\s)?s3\s+(?:rm\s.*--recursive|rb\s)"
        r"|(?:gsutil\s.*?|gcloud\s+storage\s+)\b(?:rm(?=\s(?:.*\s)?(?:-\w*r|--recursive)|\s.*\*)|rb\s)|bq\s.*?\brm\b",
        """aws s3 rm s3://bucket/x --recursive
        aws s3 rb s3://bucket --force
        aws --endpoint-url <url> s3 rm s3://bucket/ --recursive
        aws ecr batch-delete-image --repository-name x
        aws ec2 terminate-instances --instance-ids i-1
        gsutil -m rm -r gs://bucket
        bq rm -r dataset""",
        """aws s3 ls s3://bucket
        aws s3 rm s3://bucket/one.txt
        gsutil rm gs://bucket-r/one.txt
        aws ec2 describe-instances""",
    ),
    rule(
        "deletes over HTTP",
        r"(?:curl\s.*(?:-X|--request)[ =]?['\"]?DELETE\b|https?\s(?:.*\s)?DELETE\s)",
        """curl -XDELETE localhost:9200/index
        curl -s --request DELETE https://example.com/x""",
        "curl -X POST https://example.com/delete",
    ),
    # Git
    rule(
        "overwrites or deletes a remote branch",
        r"git\s(?:.*?\s)?push(?=\s.*?(?<=\s)(?:-f\b|--force|--delete\b|-d\b|--mirror\b|--prune\b|\+\S|:\S))",
        """git push --force origin main
        git push -f
        git -C x push origin +main
        git push origin --delete topic
        git push {{[-f|--force]}}""",
        """git push -u origin topic
        git push --follow-tags
        git push origin main:main""",
    ),
    rule(
        "throws away changes",
        r"git\s(?:.*\s)?(?:reset\s.*--hard\b|clean(?!.*\s-\w*n).*\s(?:-\w*f|--force)|stash\s+(?:drop|clear)\b"
        r"|checkout\s+(?:-f\b|--force\b|(?:.*\s)?\.(?=\s|$))"
        r"|restore\s(?!--staged\s+\S+\s*$)(?:.*\s)?\.(?=\s|$)|switch\s.*--discard-changes"
        r"|worktree\s+remove\s.*(?:-f|--force))",
        """git reset --hard HEAD~1
        git clean -fdx
        git stash clear
        git checkout -- .""",
        """git reset HEAD~1
        git clean -n
        git clean -nfd
        git checkout main
        git stash pop""",
    ),
    rule(
        "rewrites or deletes history",
        r"git\s(?:.*\s)?(?:branch\s.*(?:-D\b|--delete\s+--force)|reflog\s+(?:expire|delete)\b"
        r"|gc\s.*--prune=(?:now|all)|filter-branch\b|filter-repo\b|update-ref\s+-d\b)",
        """git branch -D topic
        git reflog expire --expire=now --all
        git filter-repo --path secret --invert-paths""",
        """git branch -d topic
        git gc""",
    ),
    # Data stores beside SQL
    rule(
        "empties a data store",
        r"(?i:redis-cli\s(?:.*\s)?(?:flush(?:all|db)\b|shutdown\s+nosave)"
        r"|rabbitmq(?:ctl|admin)\s.*\b(?:reset|force_reset|purge_queue|purge|delete\w*)\b"
        r"|kafka-topics(?:\.sh)?\s.*--delete\b|kafka-delete-records)|FLUSH(?:ALL|DB)(?=\s|$)",
        """redis-cli -h cache FLUSHALL
        redis-cli flushdb async
        FLUSHALL
        kafka-topics --bootstrap-server x --delete --topic t
        rabbitmqctl purge_queue q""",
        """redis-cli info
        redis-cli ACL SETUSER app -flushall
        kafka-topics --describe
        rabbitmqctl list_queues""",
    ),
    rule(
        "drops a database",
        r"(?:dropdb|dropuser|pg_dropcluster|pg_resetwal)\s|mysqladmin\s.*\bdrop\b|(?:rails|rake)\s+db:drop\b",
        """dropdb app
        mysqladmin -u root drop app""",
        "createdb app",
    ),
    # Windows
    rule(
        "deletes files",
        r"(?i:(?:Remove-Item|ri)\s.*-(?:Recurse|Force|r\b)|(?:rd|rmdir)\s.*/s\b|(?:del|erase)\s.*/[fsq]\b)",
        """Remove-Item -Recurse -Force C:\\temp
        rd /s /q build
        del /f /q *.log""",
        """Remove-Item one.txt
        rmdir empty""",
    ),
)
