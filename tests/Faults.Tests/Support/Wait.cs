using System.Diagnostics;

namespace UdsBroker.Faults.Tests;

/// <summary>Waiting for what has to come true, with a bound that is far above what it takes.</summary>
internal static class Wait
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static Task Until(Func<bool> isTrue, string what) => Until(isTrue, () => what);

    internal static Task Until(Func<bool> isTrue, Func<string> what) => UntilAsync(() => Task.FromResult(isTrue()), what);

    internal static async Task UntilAsync(Func<Task<bool>> isTrue, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            if (clock.Elapsed > Patience) Assert.Fail($"after {Patience.TotalSeconds} s still not: {what()}");
            await Task.Delay(5, Campaign.Cancelled);
        }
    }
}
