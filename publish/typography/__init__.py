"""The rules of Chinese typography, without a layout engine."""
