namespace UdsBroker.Broker.Requests;

/// <summary>
/// What a run of requests carries with it: the subject that they were published to, and who of those they were given to, its holders, may still answer.
/// This one is for requests that go to one connection each, and is the same object for all requests of a publisher to a subject.
/// </summary>
internal class RequestMark(byte[] subject)
{
    /// <summary>The subject, for the ERROR that tells the asker. Of a shared request it may only be read by a holder.</summary>
    internal byte[] Subject { get; private protected set; } = subject;

    /// <summary>One more connection was given the request.</summary>
    internal virtual void AddHolder()
    {
    }

    /// <summary>A holder has answered, or was forgotten and may answer yet: nobody is told of the end of any.</summary>
    internal virtual void MarkAnswered()
    {
    }

    /// <summary>A holder has ended without an answer; true when none is left who could give one, so that the asker has to be told.</summary>
    internal virtual bool RemoveHolder() => true;

    /// <summary>A holder has passed the request on to another, which was added before; true when that one has ended, too, and the asker has to be told.</summary>
    internal virtual bool HandOver() => false;

    /// <summary>The request waits in a backlog, from where it may be handed on when all holders are gone.</summary>
    internal virtual void MarkWaiting()
    {
    }
}
