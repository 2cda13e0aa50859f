#!/usr/bin/env python3
"""make_seeds: writes the three seeds of this example. All of it is invented; the same seed number gives the same files.

Customers, orders and payments of a shop that never was: 60 customers, about 300 orders in 2025, most paid in full, some in two parts,
some returned and refunded, a few customers who never bought.
"""
import csv
import os
import random
from datetime import date, timedelta

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds")
FIRST = "Ada Bela Cleo Dora Emil Fritz Gala Hugo Ines Jona Karl Lena Milo Nora Otto Pia Quin Rosa Sven Tara".split()
LAST = "Amsel Birke Celest Dorn Eiche Falke Ginster Heide Iltis Jasmin Kranich Linde".split()
METHODS = ["credit_card"] * 6 + ["bank_transfer"] * 2 + ["coupon", "gift_card"]


def write(name, head, rows):
    with open(os.path.join(FOLDER, name), "w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *rows])


def order_status(dice, day):
    if day >= date(2025, 12, 24):
        return dice.choice(["placed", "shipped"])
    return dice.choices(["completed", "returned", "return_pending"], [93, 5, 2])[0]


def payments_of(dice, order, cents):
    """One payment, or two that add up."""
    if dice.random() < 0.15 and cents > 1000:
        part = dice.randrange(500, cents - 400, 100)
        return [(order, dice.choice(["coupon", "gift_card"]), part), (order, "credit_card", cents - part)]
    return [(order, dice.choice(METHODS), cents)]


def main():
    dice = random.Random(2025)
    customers = [(n, dice.choice(FIRST), dice.choice(LAST), date(2025, 1, 1) + timedelta(days=dice.randrange(200)))
                 for n in range(1, 61)]
    orders, payments = [], []
    buyers = [c for c in customers if c[0] % 12]   # every twelfth never bought
    days = []
    for customer, _, _, joined in buyers:
        for _ in range(dice.choices([1, 3, 7, 15], [25, 30, 30, 15])[0]):
            days.append((joined + timedelta(days=dice.randrange((date(2025, 12, 31) - joined).days + 1)), customer))
    for number, (day, customer) in enumerate(sorted(days), 1):
        orders.append((number, customer, day, order_status(dice, day)))
        payments += payments_of(dice, number, dice.randrange(300, 9000, 50))
    write("raw_customers.csv", ["id", "first_name", "last_name", "joined_on"], customers)
    write("raw_orders.csv", ["id", "customer_id", "ordered_on", "status"], orders)
    write("raw_payments.csv", ["id", "order_id", "method", "amount_cents"], [(n, *p) for n, p in enumerate(payments, 1)])
    print("%d customers, %d orders, %d payments" % (len(customers), len(orders), len(payments)))


if __name__ == "__main__":
    main()
