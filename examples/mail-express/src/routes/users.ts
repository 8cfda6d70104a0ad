import { Router } from 'express';
import { z } from 'zod';
import { createPasswordReset } from '../db/password-resets.js';
import { findUserByEmail, insertUser } from '../db/users.js';
import { sendPasswordReset, sendWelcome } from '../mail/mailer.js';
import { asyncHandler } from './async-handler.js';

const NewUser = z.object({ email: z.string().email(), name: z.string().min(1), locale: z.string().default('en') });
const ResetRequest = z.object({ email: z.string().email() });

export const users = Router();

users.post(
  '/users',
  asyncHandler(async (req, res) => {
    const user = await insertUser(NewUser.parse(req.body));
    await sendWelcome(user);
    res.status(201).json(user);
  }),
);

users.post(
  '/password-resets',
  asyncHandler(async (req, res) => {
    const user = await findUserByEmail(ResetRequest.parse(req.body).email);
    if (user) {
      const { token, expiresAt } = await createPasswordReset(user.id);
      await sendPasswordReset(user, token, expiresAt);
    }
    // The answer is the same for addresses that are not known.
    res.status(202).end();
  }),
);
