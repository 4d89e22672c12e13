# One row per pair of frequent products (the lesser number first): how many customers bought both of them.
# Trap: most pairs are rare; what is frequent enough to be told is chosen in product_affinity.
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array, csr_array, triu

SCHEMA = pa.schema([("product_number", pa.int32()), ("other_number", pa.int32()), ("buyer_count", pa.int64())])


# Where customers bought a greater share of the products than this, counting cell by cell is cheaper than pair by pair.
DENSE = 0.04
CUSTOMERS_AT_ONCE = 8192


def together(bought):
    """How many customers bought both, for each two products, of a matrix of customers by products."""
    customers, products = bought.shape
    if bought.nnz < DENSE * customers * products:
        return bought.T @ bought
    counts = np.zeros((products, products), np.int64)
    for first in range(0, customers, CUSTOMERS_AT_ONCE):
        block = bought[first : first + CUSTOMERS_AT_ONCE].astype(np.float32).toarray()
        counts += (block.T @ block).astype(np.int64)
    return counts


def pairs(customer_keys, product_numbers):
    """The pairs of products that any customer bought both of, and the customers who did; rows are different."""
    customers, customer = np.unique(customer_keys, return_inverse=True)
    shape = (len(customers), product_numbers.max(initial=0) + 1)
    bought = csr_array((np.ones(len(customer), np.int64), (customer, product_numbers)), shape=shape)
    found = coo_array(triu(together(bought), k=1))
    return found.row, found.col, found.data


def model(dbt, session):
    dbt.config(materialized="table")
    bought = dbt.ref("customer_products").set_alias("bought")
    frequent = dbt.ref("frequent_products").set_alias("frequent")
    same = "bought.platform = frequent.platform and bought.product_id = frequent.product_id"
    found = bought.join(frequent, same).project("bought.customer_key, frequent.product_number").fetchnumpy()
    product, other, count = pairs(np.asarray(found["customer_key"]), np.asarray(found["product_number"]))
    return pa.table({"product_number": product, "other_number": other, "buyer_count": count}, schema=SCHEMA)
