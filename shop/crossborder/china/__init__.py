"""China's cross-border retail import (customs code 9610): order, payment and waybill filed with the E-port."""
