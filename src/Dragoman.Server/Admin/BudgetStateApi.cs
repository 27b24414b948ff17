using Dragoman.Access;
using Dragoman.Administration;
using Dragoman.Canonical;
using Dragoman.Limits.Budgets;
using Dragoman.Server.Native;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dragoman.Server.Admin;

/// <summary>
/// How budgets stand: <c>GET /api/admin/budgets/{id}/state</c> all combinations of values of one, <c>GET /api/llm/budgets</c> those
/// that the caller's own calls count in.
/// </summary>
internal sealed class BudgetStateApi(BudgetKeeper keeper, Func<GatewaySnapshot> snapshot)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/api/admin/budgets/{id}/state", NativeAnswer.Get(OneAsync));
        endpoints.Map("/api/llm/budgets", NativeAnswer.Get(OwnAsync));
    }

    private async Task OneAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var parameters = new QueryParameters(context.Request.Query);
        var error =
            parameters.Error
            ?? (
                Book.Find(id) is null
                    ? new GatewayError(GatewayErrorKind.NotFound, $"There is no budget '{id}'.")
                    {
                        Code = "budget_not_found",
                    }
                    : null
            );
        if (error is not null)
            await NativeAnswer.RefuseAsync(context, error);
        else
            await WriteAsync(context, keeper.States(id).Where(state => Reaches(context, state)));
    }

    private async Task OwnAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        if (parameters.Error is { } error)
        {
            await NativeAnswer.RefuseAsync(context, error);
            return;
        }
        var caller = context.Features.Get<Caller>();
        await WriteAsync(
            context,
            keeper
                .States()
                .Where(state =>
                    Book.Find(state.Budget.Name) is not null
                    && (caller is null || state.Bears(caller))
                )
        );
    }

    private BudgetBook Book => snapshot().Parts.Find<BudgetBook>() ?? BudgetBook.Empty;

    /// <summary>Who looks after teams or keys sees their budgets, not everybody's.</summary>
    private static bool Reaches(HttpContext context, BudgetState state) =>
        context.Features.Get<Caller>() is not { Role: not (Role.Admin or Role.Viewer) } caller
        || state.Bears(caller);

    private static Task WriteAsync(HttpContext context, IEnumerable<BudgetState> states) =>
        NativeAnswer.WriteAsync(
            context,
            new BudgetStates { Data = [.. states.Select(BudgetStateInfo.Of)] },
            BudgetJson.Default.BudgetStates
        );
}
