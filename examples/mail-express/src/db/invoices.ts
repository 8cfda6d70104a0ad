import { pool } from './pool.js';

export interface Invoice {
  id: string;
  userId: string;
  /** In the smallest unit of the currency. */
  amount: number;
  currency: string;
}

export async function insertInvoice(invoice: Omit<Invoice, 'id'>): Promise<Invoice> {
  const { rows } = await pool.query<Invoice>(
    'INSERT INTO invoices (user_id, amount, currency) VALUES ($1, $2, $3) RETURNING id, user_id AS "userId", amount, currency',
    [invoice.userId, invoice.amount, invoice.currency],
  );
  return rows[0]!;
}

export async function invoicesOfMonth(month: string): Promise<Invoice[]> {
  const { rows } = await pool.query<Invoice>(
    `SELECT id, user_id AS "userId", amount, currency FROM invoices WHERE to_char(created_at, 'YYYY-MM') = $1 ORDER BY id`,
    [month],
  );
  return rows;
}
