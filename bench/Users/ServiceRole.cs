using UdsBroker.Client;

namespace UdsBroker.Bench.Users;

/// <summary>Answers every request with its payload, until its input ends.</summary>
internal static class ServiceRole
{
    internal const string Subject = "bench.service";

    internal static async Task<double[]> RunAsync(string socket)
    {
        await using var client = new UdsBrokerClient(new UdsBrokerOptions { Path = socket, Name = "bench service" });
        await using var service = await client.ServeAsync(Subject, (request, _) => ValueTask.FromResult(request.Payload));
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        return [];
    }
}
