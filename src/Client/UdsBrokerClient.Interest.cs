using System.Text.Json;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The broker tells whether anybody subscribes to a subject, at once and whenever that changes, so waiting for it needs no polling.
public sealed partial class UdsBrokerClient
{
    /// <summary>
    /// Waits until somebody is subscribed to a subject, so that the order in which programs start does not matter. What this client publishes after that
    /// reaches them. Waits through reconnects. Nothing is polled; several waits for one subject cost little.
    /// </summary>
    /// <param name="subject">A subject, without wildcards; at most 241 bytes and 30 tokens, because the broker's answers come on a longer one.</param>
    /// <param name="timeout">
    /// How long to wait once connected, from zero to 49 days; <see langword="null"/> or <see cref="Timeout.InfiniteTimeSpan"/> for no limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>How many subscriptions match the subject, those of this client included; at least 1.</returns>
    /// <exception cref="FormatException">The subject breaks the rules of subjects.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is outside its range.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="SubscriptionRefusedException">The broker does not tell this client about the subject.</exception>
    /// <exception cref="NoSubscribersException">Nobody subscribed in time.</exception>
    /// <exception cref="UdsBrokerException">The connection could not be made, or the client has ended.</exception>
    public async ValueTask<int> WaitForSubscribersAsync(string subject, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Subject.Parse(subject, Limits);
        TimeSpan patience = timeout ?? Timeout.InfiniteTimeSpan;
        if (patience != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.Zero, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(patience, UdsBrokerOptions.LongestTime, nameof(timeout));
        await using Subscription interest = await SubscribeAsync(SystemSubjects.InterestPrefix + subject, new SubscriptionOptions { Credit = 0 }, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource deadline = new(patience, _options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (true)
            {
                Message news = await interest.ReadAsync(limit.Token).ConfigureAwait(false);
                if (ReadSubscribers(news.Payload.Span) is > 0 and var subscribers) return subscribers;
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new NoSubscribersException(subject, patience);
        }
    }

    /// <summary>
    /// <c>{"subscribers":n}</c>; members that a later broker may add are skipped, and anything that is not such an object counts as nobody.
    /// </summary>
    private static int ReadSubscribers(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
            {
                bool isWanted = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("subscribers"u8);
                if (isWanted && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number)) return number;
            }
        }
        catch (JsonException)
        {
            // Ignored: the next message may be well-formed.
        }

        return 0;
    }
}
