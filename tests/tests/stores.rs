//! Under which names tables appear: those of the database, wherever the code says them.

use crate::project::Project;
use crate::runner::{list, text};
use std::collections::BTreeSet;

/// A service that saves one entity, declared like this, and then sends.
fn saving(entity: &str) -> Project {
    let project = Project::healthy();
    project.file("src/entity.ts", format!("import {{ Entity }} from 'typeorm';\n{entity}\n")).file(
        "src/save.ts",
        "import { DataSource } from 'typeorm';
import { placed } from './orders';
import { LineItem } from './entity';
const source = new DataSource({ type: 'postgres' });
export async function save(item: LineItem): Promise<void> {
  await source.getRepository(LineItem).save(item);
  await placed('1');
}
",
    );
    project
}

fn stores(project: &Project) -> BTreeSet<String> {
    list(&project.map().0, "stores").iter().map(|store| text(store, "name").to_owned()).collect()
}

#[test]
fn a_table_is_named_as_its_entity_says() {
    for (entity, table) in [
        ("@Entity('items') export class LineItem {}", "items"),
        ("@Entity({ name: 'order_items' }) export class LineItem {}", "order_items"),
        ("@Entity('items', { schema: 'shop' }) export class LineItem {}", "items"),
        ("@Entity() export class LineItem {}", "line_item"),
        ("@Entity({ schema: 'shop' }) export class LineItem {}", "line_item"),
        ("export class LineItem {}", "LineItem"),
        ("@Entity(table()) export class LineItem {}", "LineItem"),
    ] {
        assert_eq!(stores(&saving(entity)), BTreeSet::from([table.to_owned()]), "{entity}");
    }
}

#[test]
fn a_client_without_tables_stands_for_itself() {
    let project = Project::healthy();
    project.file(
        "src/raw.ts",
        "import { Pool } from 'pg';\nimport { placed } from './orders';\nexport const run = async (sql: string) => {\n  \
         await new Pool().query(sql);\n  await placed('1');\n};\n",
    );
    assert_eq!(stores(&project), BTreeSet::from(["postgres".to_owned()]));
}

#[test]
fn a_table_of_events_is_event_sourcing() {
    let kinds = |sql: &str| {
        let project = Project::healthy();
        project.file("migrations/001.sql", sql);
        let map = project.map();
        list(&map.0, "patterns").iter().map(|pattern| text(pattern, "kind").to_owned()).collect::<Vec<_>>()
    };
    let columns = "aggregate_id uuid, sequence bigint, event_type text, payload jsonb";
    assert_eq!(kinds(&format!("CREATE TABLE events ({columns});")), ["event-sourcing"]);
    assert_eq!(kinds(&format!("CREATE TABLE outbox ({columns});")), [] as [&str; 0]);
    assert_eq!(kinds("CREATE TABLE events (id int, payload jsonb);"), [] as [&str; 0]);
}

#[test]
fn rows_that_are_read_sent_and_marked_are_an_outbox() {
    let project = Project::healthy();
    project.file(
        "src/relay.ts",
        "import { Pool } from 'pg';
import { placed } from './orders';
const pool = new Pool();
async function flush(): Promise<void> {
  const { rows } = await pool.query('SELECT id FROM order_outbox WHERE sent_at IS NULL');
  for (const row of rows) {
    await placed(row.id);
    await pool.query('UPDATE order_outbox SET sent_at = now() WHERE id = $1', [row.id]);
  }
}
setInterval(() => void flush(), 1000);
",
    );
    let map = project.map();
    let outbox = list(&map.0, "patterns").iter().find(|pattern| pattern["kind"] == "outbox").expect("an outbox");
    let evidence = &list(outbox, "evidence")[0];
    assert_eq!((text(evidence, "file"), evidence["line"].as_u64()), ("src/relay.ts", Some(5)));
    let starts = list(&map.0, "boundaries").iter().find(|boundary| boundary["trigger"]["kind"] == "schedule");
    assert_eq!(text(&starts.expect("a timer")["trigger"], "what"), "every 1000 ms");
}
