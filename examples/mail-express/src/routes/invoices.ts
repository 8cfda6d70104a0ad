import { Router } from 'express';
import { z } from 'zod';
import { insertInvoice } from '../db/invoices.js';
import { insertReport } from '../db/reports.js';
import { findUser } from '../db/users.js';
import { sendInvoice } from '../mail/mailer.js';
import { reports } from '../queues/queues.js';
import { asyncHandler } from './async-handler.js';

const NewInvoice = z.object({
  userId: z.string().uuid(),
  amount: z.number().int().positive(),
  currency: z.string().length(3),
});
const NewReport = z.object({ month: z.string().regex(/^\d{4}-\d{2}$/) });

export const invoices = Router();

invoices.post(
  '/invoices',
  asyncHandler(async (req, res) => {
    const body = NewInvoice.parse(req.body);
    const user = await findUser(body.userId);
    if (!user) {
      res.status(404).json({ error: `user ${body.userId} does not exist` });
      return;
    }
    const invoice = await insertInvoice(body);
    await sendInvoice(user, invoice);
    res.status(201).json(invoice);
  }),
);

invoices.post(
  '/reports',
  asyncHandler(async (req, res) => {
    const { month } = NewReport.parse(req.body);
    const reportId = await insertReport(month);
    await reports.add({ reportId, month }, { jobId: reportId });
    res.status(202).json({ reportId });
  }),
);
