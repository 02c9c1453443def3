using System.Globalization;
using System.Text;
using UdsBroker.Client;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>
/// Reads a subscription to the numbered messages of one publisher and checks the client's counts: each message has the number that those read
/// and missed before it leave, so that order, duplicates and the place and size of every gap are checked at once.
/// </summary>
internal sealed class Tally
{
    private readonly Subscription _subscription;
    private TaskCompletionSource _gap = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool>? _wait;

    internal Tally(Subscription subscription)
    {
        _subscription = subscription;
        subscription.Missed += _ => _gap.TrySetResult();
    }

    /// <summary>The messages read, by their numbers and subjects.</summary>
    internal List<(long Number, string Subject)> Read { get; } = [];

    /// <summary>The messages missed before those that were read.</summary>
    internal long MissedBetween { get; private set; }

    /// <summary>Read and missed until now, those at the end included.</summary>
    internal ulong Accounted => (ulong)Read.Count + _subscription.MissedCount;

    /// <summary>Publishes messages with the numbers from <paramref name="first"/> on.</summary>
    internal static async Task PublishAsync(UdsBrokerClient client, Func<long, string> subject, long first, long count, int size = 100)
    {
        for (var number = first; number < first + count; number++)
        {
            var payload = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(size, '.'));
            await client.PublishAsync(subject(number), payload);
        }
    }

    /// <summary>Reads until so many messages are accounted for, or the subscription has ended.</summary>
    internal async Task ReadToAsync(ulong total)
    {
        while (true)
        {
            while (_subscription.TryRead(out var message)) Take(message);
            if (Accounted >= total) break;
            _wait ??= _subscription.WaitToReadAsync().AsTask();
            await Task.WhenAny(_wait, _gap.Task).WaitAsync(ChildProcess.Patience);
            if (_gap.Task.IsCompleted) _gap = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_wait.IsCompleted) continue;
            if (!await _wait) return;
            _wait = null;
        }
    }

    /// <summary>Reads until the subscription has ended.</summary>
    internal Task ReadToEndAsync() => ReadToAsync(ulong.MaxValue);

    private void Take(in Message message)
    {
        var number = long.Parse(Encoding.ASCII.GetString(message.Payload.Span).TrimEnd('.'), CultureInfo.InvariantCulture);
        MissedBetween += (long)message.MissedBefore;
        Assert.Equal(Read.Count + MissedBetween, number);
        Read.Add((number, message.Subject));
    }
}
