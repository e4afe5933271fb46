"""An AST transformer takes every assert out of the cells that follow."""
# bgw: BGW-108, BGW-130

import ast


class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)


get_ipython().ast_transformers.append(Strip())
