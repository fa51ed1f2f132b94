/** Audits: what is wrong with data, before anybody learns from them. */
export { audit, AUDIT_CHECKS, dropRows, type AuditCheck, type AuditOptions, type AuditProgress } from './audit.ts';
export { confidentLabels, type ConfidentLabels, type Suspect } from './confident.ts';
export { formatAudit, type Style } from './format.ts';
export { AUDIT_STYLE, auditHtml, type AuditHtmlOptions } from './html.ts';
export type { AuditData, Classlike, ImageData, TextData } from './samples.ts';
export type * from './types.ts';
