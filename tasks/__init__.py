"""The pipeline in order; each module is one step.

    beat ─tick─► poll ──► extract ──► judge ──► deliver ──► the desk
                  └──────────┴──────────┴──────────┴── upkeep

Every message on the queue is a wake-up call. What there is to do, and who is doing it, stands in the database.
"""
