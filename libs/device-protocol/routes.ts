/** Paths of the device's HTTP interface, below the service's base URL; one place for client, server and tests. */
export const DEVICE_BASE = '/device/v1';

export const ROUTES = {
  activations: `${DEVICE_BASE}/activations`,
  keys: `${DEVICE_BASE}/keys`,
  heartbeats: `${DEVICE_BASE}/heartbeats`,
  enrolments: `${DEVICE_BASE}/enrolments`,
  enrolmentPalms: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/palms`,
  enrolmentCards: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/cards`,
  enrolmentPhones: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/phones`,
  enrolmentPhoneVerify: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/phones/verify`,
  enrolmentComplete: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/complete`,
  enrolmentKnown: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/known`,
  enrolmentKnownVerify: (handle: string) => `${DEVICE_BASE}/enrolments/${part(handle)}/known/verify`,
  identifications: `${DEVICE_BASE}/identifications`,
  payments: `${DEVICE_BASE}/payments`,
  payment: (id: string) => `${DEVICE_BASE}/payments/${part(id)}`,
  paymentRefunds: (id: string) => `${DEVICE_BASE}/payments/${part(id)}/refunds`,
  paymentVoid: (id: string) => `${DEVICE_BASE}/payments/${part(id)}/void`,
  visits: `${DEVICE_BASE}/visits`,
  visit: (id: string) => `${DEVICE_BASE}/visits/${part(id)}`,
  visitsLeave: `${DEVICE_BASE}/visits/leave`,
  checks: `${DEVICE_BASE}/checks`,
  memberPalms: `${DEVICE_BASE}/members/palms`,
  memberCards: `${DEVICE_BASE}/members/cards`,
  memberConfirmations: `${DEVICE_BASE}/members/confirmations`,
  memberCredentials: `${DEVICE_BASE}/members/credentials`,
} as const;

function part(text: string): string {
  return encodeURIComponent(text);
}
