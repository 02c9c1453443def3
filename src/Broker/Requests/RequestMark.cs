namespace UdsBroker.Broker.Requests;

/// <summary>
/// Tracks who may still answer a run of requests: the subject that they were published to, and their holders, the connections that were
/// given them. This base class is for requests that go to one connection each, and is shared by all requests of a publisher to a subject.
/// </summary>
internal class RequestMark(byte[] subject)
{
    /// <summary>The subject, for the ERROR to the asker. Only a holder may read that of a shared request.</summary>
    internal byte[] Subject { get; private protected set; } = subject;

    /// <summary>Adds a connection that was given the request.</summary>
    internal virtual void AddHolder()
    {
    }

    /// <summary>
    /// A holder has answered, or was forgotten and may still answer: from now on the asker is not told of the end of any holder.
    /// </summary>
    internal virtual void MarkAnswered()
    {
    }

    /// <summary>
    /// A holder has ended without an answer; true when it was the last one that could answer, so that the asker has to be told.
    /// </summary>
    internal virtual bool RemoveHolder() => true;

    /// <summary>
    /// A holder has passed the request on to another, which was added before; true when that one has ended as well, so that the asker has
    /// to be told.
    /// </summary>
    internal virtual bool HandOver() => false;

    /// <summary>The request waits in a backlog, from which it may be reassigned when all holders are gone.</summary>
    internal virtual void MarkWaiting()
    {
    }
}
