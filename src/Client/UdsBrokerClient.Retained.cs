using System.Runtime.CompilerServices;

namespace UdsBroker.Client;

// Messages that the broker keeps as the last of their subjects.
public sealed partial class UdsBrokerClient
{
    /// <summary>Clears the retained message of a subject; subscribers get the empty message that does so.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Cancels the wait for a connection or for room in the buffer.</param>
    /// <exception cref="FormatException">The subject breaks the rules of subjects.</exception>
    /// <exception cref="PublishBufferFullException">Too much waits in memory; the message was not taken.</exception>
    /// <exception cref="UdsBrokerException">The connection could not be made, or the client has ended.</exception>
    public ValueTask ClearRetainedAsync(string subject, CancellationToken cancellationToken = default) =>
        PublishAsync(subject, ReadOnlyMemory<byte>.Empty, PublishOptions.Retained, cancellationToken);

    /// <summary>
    /// Reads the retained messages whose subjects match, in the order in which they arrived at the broker, and nothing that is published
    /// meanwhile.
    /// </summary>
    /// <param name="pattern">A subject or a pattern.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FormatException">The pattern breaks the rules of patterns.</exception>
    /// <exception cref="SubscriptionRefusedException">The broker does not let this client subscribe to it.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    /// <exception cref="ConnectFailedException">The connection could not be made.</exception>
    /// <exception cref="ConnectionLostException">The connection ended before everything had come.</exception>
    public async IAsyncEnumerable<Message> GetRetainedAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Subscribing brings the first message, and again if the connection is lost meanwhile; draining lifts the bounds in this client, grants credit
        // for the rest and waits for all of it.
        SubscriptionOptions one = new() { Credit = 1, BeginsAnew = true };
        Subscription subscription = await SubscribeAsync(pattern, one, cancellationToken).ConfigureAwait(false);
        try
        {
            Task draining = Observed(subscription.DrainAsync(cancellationToken).AsTask()); // a reader that leaves the loop does not wait for it
            while (await subscription.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (subscription.TryRead(out Message message))
                {
                    if (message.IsRetained) yield return message;
                }
            }

            await draining.ConfigureAwait(false);
        }
        finally
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }
}
