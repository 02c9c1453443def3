using UdsBroker.Client;

namespace UdsBroker.Bench.Users;

/// <summary>Publishes messages of one size as fast as the broker lets it, until its time is over and all are routed.</summary>
internal static class PublisherRole
{
    internal const string Subject = "bench.user";

    internal static async Task<double[]> RunAsync(string socket, int payloadBytes, TimeSpan time)
    {
        await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = socket, Name = "bench publisher" });
        await client.ConnectAsync();
        Console.WriteLine("ready");
        var payload = new byte[payloadBytes];
        var end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        long sent = 0;
        while ((sent & 63) != 0 || Environment.TickCount64 < end)
        {
            await client.PublishAsync(Subject, payload);
            sent++;
        }

        var receipt = await client.FlushAsync();
        return [sent, receipt.Dropped];
    }
}
