using System.CommandLine;

namespace UdsBroker.Cli.Commands;

/// <summary><c>udsb ping</c>: is the broker there, and how long does an answer take?</summary>
internal static class PingCommand
{
    private static readonly Option<int> Count = new("--count", "-c")
    {
        Description = "How many pings, one after the other.",
        DefaultValueFactory = _ => 1,
    };

    internal static Command Create()
    {
        Count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--count is 1 or more");
        });
        var command = new Command("ping", "Asks the broker for a sign of life and prints how long it took.") { Count };
        command.SetAction(Run.WithClient(
            async (parsed, client, cancellationToken) =>
            {
                for (var left = parsed.GetValue(Count); left > 0; left--)
                {
                    var time = await client.PingAsync(cancellationToken).ConfigureAwait(false);
                    Console.WriteLine($"pong from {client.Server!.Broker} {client.Server.BrokerVersion} in {time.TotalMicroseconds:F0} us");
                }

                return ExitCodes.Done;
            },
            cancelled: ExitCodes.Failed));
        return command;
    }
}
