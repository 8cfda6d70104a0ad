import type { Job } from 'bull';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { config } from '../config.js';
import { invoicesOfMonth } from '../db/invoices.js';
import { finishReport } from '../db/reports.js';
import type { ReportJob } from '../queues/queues.js';

export async function exportReport(job: Job<ReportJob>): Promise<void> {
  const { reportId, month } = job.data;
  const invoices = await invoicesOfMonth(month);
  const lines = invoices.map((invoice) => [invoice.id, invoice.userId, invoice.amount, invoice.currency].join(','));
  const folder = join(config.uploadDir, 'reports');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${reportId}.csv`);
  await writeFile(path, ['invoice,user,amount,currency', ...lines, ''].join('\n'));
  await finishReport(reportId, path);
}
