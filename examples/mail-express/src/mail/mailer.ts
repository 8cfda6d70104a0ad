import nodemailer from 'nodemailer';
import { config } from '../config.js';
import type { Invoice } from '../db/invoices.js';
import type { User } from '../db/users.js';

const transport = nodemailer.createTransport(config.smtpUrl);

async function send(to: string, subject: string, text: string): Promise<void> {
  await transport.sendMail({ from: config.mailFrom, to, subject, text });
}

export function sendWelcome(user: User): Promise<void> {
  return send(user.email, 'Welcome to Acme', `Hello ${user.name}, your account is ready: ${config.appUrl}`);
}

export function sendPasswordReset(user: User, token: string, expiresAt: Date): Promise<void> {
  const link = `${config.appUrl}/reset?token=${token}`;
  return send(user.email, 'Reset your password', `Use ${link} before ${expiresAt.toUTCString()}.`);
}

export function sendInvoice(user: User, invoice: Invoice): Promise<void> {
  const amount = (invoice.amount / 100).toFixed(2);
  return send(user.email, `Invoice ${invoice.id}`, `Hello ${user.name}, please pay ${amount} ${invoice.currency}.`);
}
