import express, { type ErrorRequestHandler, type Express } from 'express';
import { ZodError } from 'zod';
import { images } from './routes/images.js';
import { invoices } from './routes/invoices.js';
import { users } from './routes/users.js';

const onError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  if (error instanceof ZodError) {
    res.status(400).json({ error: error.issues });
    return;
  }
  console.error(`${req.method} ${req.path} failed`, error);
  res.status(500).json({ error: 'internal error' });
};

export function createApp(): Express {
  const app = express();
  app.use(express.json());
  app.use('/api', users, invoices, images);
  app.use(onError);
  return app;
}
