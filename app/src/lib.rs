//! What Spotfix is: the domain and the API contract.
