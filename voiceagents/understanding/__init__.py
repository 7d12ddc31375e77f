"""What a caller said, understood without a model: numbers, dates and times, follow-ups. English and Spanish.

Pure modules (no Django). `dates.parse_when`, `numbers.find_phone_number`, `people.find_person`,
`followup.detect_followup`.
"""
