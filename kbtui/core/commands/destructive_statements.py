"""Statements of databases that destroy something."""

from __future__ import annotations

from kbtui.core.commands.destructive_rules import Rule, rule

STATEMENTS: tuple[Rule, ...] = (
    rule(
        "drops what is in the database",
        r"(?i:drop\s+(?:temporary\s+|materialized\s+|foreign\s+|external\s+)?"
        r"(?:table|database|schema|view|index|sequence|user|role|tablespace|function|procedure|trigger|type|keyspace"
        r"|extension|publication|subscription)\s+[\w\"`'\[<{$:])",
        """DROP TABLE users;
        drop database if exists app
        DROP INDEX CONCURRENTLY ix
        psql -c "DROP SCHEMA app CASCADE"
        mysql> drop user 'a'@'%';
        EXPLAIN ANALYZE SELECT 1; DROP TABLE x""",
        """create table drop_log (x int);
        grep "drop table" log
        SELECT 'drop' FROM t;
        DROP TABLE""",
    ),
    rule(
        "drops a column",
        r"(?i:alter\s+table\s[^;]{0,2000}?\bdrop\s+(?:column\b|partition\b))",
        "ALTER TABLE users DROP COLUMN email;",
        "ALTER TABLE users ADD COLUMN email text;",
    ),
    rule(
        "empties a table",
        r"(?i:truncate\s+(?:table\s+)?(?:only\s+)?[\w\"`\[<{$][\w\"`\].<>{}$, ]*\s*(?:;|[\"']|$))",
        """TRUNCATE TABLE users;
        truncate users, orders cascade;
        psql -c 'TRUNCATE audit'""",
        "SELECT date_trunc('day', t);",
    ),
    rule(
        "deletes every row",
        r"(?i:delete\s+from\s+(?:only\s+)?[\w\"`\[\].<>{}$]+\s*(?:returning\b[^;]{0,2000})?(?:;|[\"']|\Z))",
        """DELETE FROM sessions;
        mysql -e "delete from sessions" """,
        """DELETE FROM sessions WHERE id = 3;
        DELETE FROM sessions USING users WHERE users.id = 3;""",
    ),
    rule(
        "changes every row",
        r"(?i:update\s+(?:only\s+)?[\w\"`\[\].]+\s+set\s+(?:(?!\bwhere\b)[^;\n])+;)",
        "UPDATE users SET active = false;",
        "UPDATE users SET active = false WHERE id = 1;",
    ),
    rule(
        "empties a collection",
        r"db\.(?:dropDatabase\(|[\w.$<>()'-]*?\.(?:drop\(\s*\)|(?:deleteMany|remove)\(\s*\{\s*\}\s*\)))",
        """db.users.drop()
        mongosh --eval "db.dropDatabase()"
        db.users.deleteMany({})""",
        """db.users.find({})
        db.users.deleteMany({old: true})""",
    ),
)
