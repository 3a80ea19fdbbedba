// What cannot be right about something that is to be sent, in words: the field, and why.
import type { Flaw } from './host/host';
import { t, type TextKey } from './state/i18n.svelte';

const FIELDS: Record<string, TextKey> = {
  agent: 'act_field_agent',
  agentphone: 'act_field_agentphone',
  alternatives: 'act_field_alternatives',
  calldate: 'act_field_calldate',
  callerid: 'act_field_callerid',
  campaign: 'act_field_campaign',
  contact: 'act_field_contact',
  context: 'act_field_context',
  data: 'act_field_parameters',
  destination: 'act_field_destination',
  dialerbase: 'act_field_dialerbase',
  form: 'act_field_form',
  from: 'act_field_from',
  message: 'act_field_message',
  name: 'act_field_name',
  number: 'act_field_destination',
  outqueue: 'act_field_outqueue',
  phone: 'act_field_phone',
  penalty: 'add_penalty',
  priority: 'act_field_priority',
  retries: 'act_field_retries',
  source: 'act_field_source',
  to: 'act_field_to',
};

const CODES: Record<string, TextKey> = {
  empty: 'flaw_empty',
  tooLong: 'flaw_too_long',
  tooMany: 'flaw_too_many',
  control: 'flaw_control',
  twice: 'flaw_twice',
  notANumber: 'flaw_not_a_number',
  notAnExtension: 'flaw_not_an_extension',
  notADate: 'flaw_not_a_date',
  notJson: 'flaw_not_json',
  notAPriority: 'flaw_not_a_priority',
  reserved: 'flaw_reserved',
  keptForSchedules: 'flaw_kept_for_schedules',
  order: 'flaw_order',
};

export function flawText(flaw: Flaw): string {
  const field = FIELDS[flaw.field];
  const code = CODES[flaw.code] ?? 'flaw_other';
  return t(code, { field: field ? t(field) : flaw.field });
}
