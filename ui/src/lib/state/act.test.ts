import { expect, it } from 'vitest';
import { fakeHost, watches } from '../host/fake';
import { settings } from '../testing';
import { App } from './app.svelte';
import { SignedIn } from './signed-in.svelte';

const NOBODY = { extension: '', context: '', byLogin: false, user: '' };

it('has what was typed there again for the same number, until it went out', async () => {
  const operation_check = () => ({ path: '', fields: [], flaws: [], size: null }) as never;
  const host = fakeHost({
    asks: {
      own_phone: () => NOBODY,
      draft_get: () => null,
      operation_check,
    } as never,
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  const sheet = async (number: string) => {
    signedIn.begin('sms', { number, campaign: '' });
    const { kind, target, first } = signedIn.act ?? {};
    if (!kind || !target || !first) throw new Error('no sheet');
    const acting = signedIn.panels.act(kind, target, first);
    await acting.start();
    return acting;
  };

  const first = await sheet('099');
  await first.type('message', 'Hola, le devolvemos la llamada');
  signedIn.endAct(first.unsent);
  expect(signedIn.act).toBeNull();
  expect((await sheet('098')).values['message'] ?? '').toBe('');
  const again = await sheet('099');
  expect(again.values['message']).toBe('Hola, le devolvemos la llamada');
  again.sending.outcome = 'done';
  signedIn.endAct(again.unsent);
  expect((await sheet('099')).values['message'] ?? '').toBe('');
});
