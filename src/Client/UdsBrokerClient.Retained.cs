using System.Runtime.CompilerServices;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// Messages that the broker keeps: as the last of their subjects, or until their time has come.
public sealed partial class UdsBrokerClient
{
    /// <summary>
    /// Publishes a message that is to be retained, to expire or to be delayed; else what
    /// <see cref="PublishAsync(string, ReadOnlyMemory{byte}, IReadOnlyDictionary{string, string}?, string?, CancellationToken)"/> does.
    /// </summary>
    /// <param name="subject">Where to.</param>
    /// <param name="payload">The content; copied before the call returns.</param>
    /// <param name="options">What the broker is to do with it.</param>
    /// <param name="cancellationToken">Ends the waiting for a connection or for room.</param>
    /// <exception cref="FormatException">The subject or the reply subject breaks the rules of subjects.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time of the options is negative.</exception>
    /// <exception cref="UdsBrokerException">As for the other.</exception>
    public ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PublishAsync(subject, payload, options.ToHeaders(), options.Reply, cancellationToken);
    }

    /// <summary>As the other, for a subject that was checked and encoded before.</summary>
    /// <param name="subject">Where to; not the default value.</param>
    /// <param name="payload">The content; copied before the call returns.</param>
    /// <param name="options">What the broker is to do with it.</param>
    /// <param name="cancellationToken">Ends the waiting for a connection or for room.</param>
    public ValueTask PublishAsync(Subject subject, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PublishAsync(subject, payload, options.ToHeaders(), options.Reply, cancellationToken);
    }

    /// <summary>Makes the broker retain nothing of a subject any more; subscribers get the empty message that says so.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the waiting for a connection or for room.</param>
    public ValueTask ClearRetainedAsync(string subject, CancellationToken cancellationToken = default) =>
        PublishAsync(subject, ReadOnlyMemory<byte>.Empty, PublishOptions.Retained, cancellationToken);

    /// <summary>Reads what the broker retains of the subjects that match, in the order in which it arrived there, and nothing that is published meanwhile.</summary>
    /// <param name="pattern">A subject or a pattern.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FormatException">The pattern breaks the rules of patterns.</exception>
    /// <exception cref="SubscriptionRefusedException">The broker does not let this client subscribe to it.</exception>
    /// <exception cref="ConnectionLostException">The connection ended before everything had come.</exception>
    public async IAsyncEnumerable<Message> GetRetainedAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Subscribing brings it, and draining waits for all of it, whatever the bounds are.
        Subscription subscription = await SubscribeAsync(pattern, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            Task draining = subscription.DrainAsync(cancellationToken).AsTask();
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
