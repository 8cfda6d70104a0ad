import { pool } from './pool.js';

export async function insertReport(month: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('INSERT INTO reports (month) VALUES ($1) RETURNING id', [month]);
  return rows[0]!.id;
}

export async function finishReport(id: string, path: string): Promise<void> {
  await pool.query(`UPDATE reports SET status = 'ready', path = $2 WHERE id = $1`, [id, path]);
}
