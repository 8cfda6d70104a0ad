import { createHash, randomBytes } from 'node:crypto';
import { pool } from './pool.js';

const VALID_MS = 60 * 60 * 1000;

/** Only the hash is kept; the token itself goes to the user. */
export async function createPasswordReset(userId: string): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + VALID_MS);
  const hash = createHash('sha256').update(token).digest('hex');
  await pool.query('INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES ($1, $2, $3)', [
    hash,
    userId,
    expiresAt,
  ]);
  return { token, expiresAt };
}
