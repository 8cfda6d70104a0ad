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
