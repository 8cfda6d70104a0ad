import { pool } from './pool.js';

export interface User {
  id: string;
  email: string;
  name: string;
  locale: string;
}

export async function insertUser(user: Omit<User, 'id'>): Promise<User> {
  const { rows } = await pool.query<User>(
    'INSERT INTO users (email, name, locale) VALUES ($1, $2, $3) RETURNING id, email, name, locale',
    [user.email, user.name, user.locale],
  );
  return rows[0]!;
}

export async function findUserByEmail(email: string): Promise<User | undefined> {
  const { rows } = await pool.query<User>('SELECT id, email, name, locale FROM users WHERE email = $1', [email]);
  return rows[0];
}

export async function findUser(id: string): Promise<User | undefined> {
  const { rows } = await pool.query<User>('SELECT id, email, name, locale FROM users WHERE id = $1', [id]);
  return rows[0];
}
