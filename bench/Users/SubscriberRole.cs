using System.Diagnostics;
using UdsBroker.Client;

namespace UdsBroker.Bench.Users;

/// <summary>
/// Reads in batches and examines every message. The first third of its time, counted from the first message, is warm-up; of the rest it
/// reports messages a second, bytes allocated for each, and how many it missed.
/// </summary>
internal static class SubscriberRole
{
    internal static async Task<double[]> RunAsync(string socket, int payloadBytes, TimeSpan time)
    {
        await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = socket, Name = "bench subscriber" });
        await using var subscription = await client.SubscribeAsync(PublisherRole.Subject);
        Console.WriteLine("ready");
        await ReadAsync(subscription, payloadBytes, time / 3);
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        var messages = await ReadAsync(subscription, payloadBytes, time / 3 * 2);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return [messages / elapsed.TotalSeconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)messages, subscription.MissedCount];
    }

    private static async Task<long> ReadAsync(Subscription subscription, int payloadBytes, TimeSpan time)
    {
        long messages = 0, end = 0;
        while (await subscription.WaitToReadAsync())
        {
            var now = Environment.TickCount64;
            if (end == 0) end = now + (long)time.TotalMilliseconds;
            if (now >= end) break;
            while (subscription.TryReadBatch(out var batch))
            {
                using (batch) messages += Count(batch, payloadBytes);
            }
        }

        return messages;
    }

    private static long Count(MessageBatch batch, int payloadBytes)
    {
        long messages = 0;
        foreach (var message in batch)
        {
            if (message.Payload.Length != payloadBytes) throw new InvalidDataException($"a payload of {message.Payload.Length} bytes");
            messages++;
        }

        return messages;
    }
}
