using System.Diagnostics;
using UdsBroker.Client;

namespace UdsBroker.Bench.Users;

/// <summary>
/// Sends requests of 128 bytes, with a given number of them in flight. The first third of its time is warm-up; of the rest it reports
/// requests a second, and the median and the 99th percentile of their times in microseconds.
/// </summary>
internal static class RequesterRole
{
    private const int PayloadBytes = 128;

    internal static async Task<double[]> RunAsync(string socket, int inFlight, TimeSpan time)
    {
        await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = socket, Name = "bench requester" });
        await client.ConnectAsync();
        Console.WriteLine("ready");
        await AskAsync(client, inFlight, time / 3);
        var start = Stopwatch.GetTimestamp();
        var times = await AskAsync(client, inFlight, time / 3 * 2);
        var elapsed = Stopwatch.GetElapsedTime(start);
        times.Sort();
        return [times.Count / elapsed.TotalSeconds, Microseconds(times[times.Count / 2]), Microseconds(times[(int)(times.Count * 0.99)])];
    }

    private static async Task<List<long>> AskAsync(UdsBrokerClient client, int inFlight, TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var askers = Enumerable.Range(0, inFlight).Select(_ => AskOneAfterTheOtherAsync(client, end)).ToList();
        return [.. (await Task.WhenAll(askers)).SelectMany(times => times)];
    }

    private static async Task<List<long>> AskOneAfterTheOtherAsync(UdsBrokerClient client, long end)
    {
        var payload = new byte[PayloadBytes];
        var times = new List<long>(1 << 16);
        var start = Stopwatch.GetTimestamp();
        do // one at least, however short the time is
        {
            var answer = await client.RequestAsync(ServiceRole.Subject, payload);
            if (answer.Payload.Length != PayloadBytes) throw new InvalidDataException($"an answer of {answer.Payload.Length} bytes");
            var now = Stopwatch.GetTimestamp();
            times.Add(now - start);
            start = now;
        }
        while (start < end);

        return times;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
