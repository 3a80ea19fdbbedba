// An answer in words.
import type { Question, Value } from './host/host';
import { DASH } from './format';
import { t } from './state/i18n.svelte';

export function answerText({ kind }: Question, value: Value | null): string {
  if (!value) return DASH;
  if (value.kind === 'scale')
    return kind.kind === 'scale' ? `${value.value} / ${kind.high}` : String(value.value);
  if (value.kind === 'choice')
    return kind.kind === 'choice' ? (kind.options[value.index]?.label ?? DASH) : DASH;
  return t(value.kind === 'yes' ? 'review_yes' : value.kind === 'no' ? 'review_no' : 'review_na');
}
