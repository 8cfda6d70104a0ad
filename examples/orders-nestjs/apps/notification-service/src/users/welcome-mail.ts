import { UserPayload } from '@app/events';
import { Mail } from '../mail/mail.service';

const SUBJECTS: Record<string, string> = {
  de: 'Willkommen bei Acme',
  en: 'Welcome to Acme',
};

export function welcomeMail(user: UserPayload): Mail {
  const subject = SUBJECTS[user.locale.slice(0, 2)] ?? SUBJECTS.en;
  return { to: user.email, subject, text: `${subject}, ${user.name}!` };
}
