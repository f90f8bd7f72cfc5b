// A GitHub App's way to a token: a JWT signed with its key buys one for an hour.

import { createPublicKey, createSign, createVerify, createPrivateKey, randomBytes } from 'node:crypto'

const part = (text) => JSON.parse(Buffer.from(text, 'base64url').toString())

/// Null when the assertion holds, else what is wrong with it.
export function verify(jwt, key, seconds, maximum = 600) {
  const [head, claims, signature] = jwt.split('.')
  if (!signature) return 'A JSON web token could not be decoded'
  let header
  let body
  try {
    header = part(head)
    body = part(claims)
  } catch {
    return 'A JSON web token could not be decoded'
  }
  if (header.alg !== 'RS256') return "'Algorithm' must be RS256"
  if (!createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(createPublicKey(key), Buffer.from(signature, 'base64url')))
    return 'A JSON web token could not be decoded'
  if (!Number.isInteger(body.iat) || body.iat > seconds) return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
  if (!Number.isInteger(body.exp) || body.exp <= seconds) return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
  if (body.exp - seconds > maximum) return "'Expiration time' claim ('exp') is too far in the future"
  if (body.iss === undefined || body.iss === '') return "'Issuer' claim ('iss') must be an Integer"
  return null
}

/// For tests of the server: signs claims with a private key.
export function sign(claims, key, header = { alg: 'RS256', typ: 'JWT' }) {
  const text = [header, claims].map((x) => Buffer.from(JSON.stringify(x)).toString('base64url')).join('.')
  return `${text}.${createSign('RSA-SHA256').update(text).sign(createPrivateKey(key)).toString('base64url')}`
}

/// Longer than 40 characters, as those that GitHub gives since April 2026.
export const token = (app) => `ghs_${app}_${randomBytes(48).toString('base64url')}`

/// What a JWT says, without looking at its signature.
export const claims = (jwt) => part(jwt.split('.')[1])
