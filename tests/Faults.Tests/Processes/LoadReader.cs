using System.Globalization;
using System.Text;
using UdsBroker.Client;

namespace UdsBroker.Faults.Tests;

/// <summary>Reads numbered messages and makes sure that they only go up: none twice, none out of order.</summary>
internal sealed class LoadReader(Subscription subscription)
{
    private long _latest = -1;

    /// <summary>The number of the newest message.</summary>
    internal long Latest => Volatile.Read(ref _latest);

    internal long Count { get; private set; }

    internal async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var message in subscription.WithCancellation(stop))
            {
                var number = long.Parse(Encoding.ASCII.GetString(message.Payload.Span), CultureInfo.InvariantCulture);
                if (number <= _latest) throw new InvalidOperationException($"message {number} came after {_latest}");
                Volatile.Write(ref _latest, number);
                Count++;
            }
        }
        catch (OperationCanceledException)
        {
            // The campaign is over.
        }
    }

    internal Task UntilAfterAsync(long number) => Wait.Until(() => Latest > number, () => $"a message after {number}");
}
