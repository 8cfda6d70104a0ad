import { pool } from './pool.js';

export async function insertImage(id: string, path: string): Promise<void> {
  await pool.query('INSERT INTO images (id, path) VALUES ($1, $2)', [id, path]);
}
