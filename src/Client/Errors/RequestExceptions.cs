using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Nobody is subscribed to the subject of a request, or the connection it was sent to is gone: the broker said so at once, without a timeout.</summary>
public sealed class NoRespondersException : UdsBrokerException
{
    internal NoRespondersException(string subject, ErrorCode code, string message)
        : base(code, $"The request on \"{subject}\" reached nobody: {message}") => Subject = subject;

    /// <summary>The subject of the request.</summary>
    public string Subject { get; }
}

/// <summary>Nobody subscribed to a subject in the time that a client waited for it.</summary>
public sealed class NoSubscribersException : UdsBrokerException
{
    internal NoSubscribersException(string subject, TimeSpan timeout)
        : base($"Nobody subscribed to \"{subject}\" within {timeout.TotalSeconds} s.")
    {
        Subject = subject;
        Timeout = timeout;
    }

    /// <summary>The subject.</summary>
    public string Subject { get; }

    /// <summary>How long was waited.</summary>
    public TimeSpan Timeout { get; }
}

/// <summary>
/// Every connection that was given a request has ended without an answer: the broker said so at once, without a timeout. The request may
/// have been served completely, in part or not at all; the caller decides whether it may be sent again.
/// </summary>
public sealed class ResponderGoneException : UdsBrokerException
{
    internal ResponderGoneException(string subject, string message)
        : base(ErrorCode.ResponderGone, $"The request on \"{subject}\" will not be answered: {message}. It may have been served nevertheless.") => Subject = subject;

    /// <summary>The subject of the request.</summary>
    public string Subject { get; }
}

/// <summary>No answer to a request came in time. The request may have been served nevertheless, unless the message says that it was not sent.</summary>
public sealed class RequestTimeoutException : UdsBrokerException
{
    internal RequestTimeoutException(string subject, TimeSpan timeout)
        : this(subject, timeout, $"No answer to the request on \"{subject}\" came within {timeout.TotalSeconds} s. The request may have been served nevertheless.")
    {
    }

    private RequestTimeoutException(string subject, TimeSpan timeout, string message)
        : base(message)
    {
        Subject = subject;
        Timeout = timeout;
    }

    /// <summary>For a request that waited for a connection and got none.</summary>
    internal static RequestTimeoutException Unsent(string subject, TimeSpan timeout) =>
        new(subject, timeout, $"The request on \"{subject}\" was not sent: there was no connection to the broker within {timeout.TotalSeconds} s.");

    /// <summary>The subject of the request.</summary>
    public string Subject { get; }

    /// <summary>How long was waited.</summary>
    public TimeSpan Timeout { get; }
}

/// <summary>The service answered a request with an error (the headers <c>Udsb-Error</c> and <c>Udsb-Error-Code</c>).</summary>
public sealed class ServiceException : UdsBrokerException
{
    /// <summary>Makes the exception; a service's handler throws it to choose the code that its caller gets.</summary>
    /// <param name="serviceCode">A number whose meaning service and caller agree on.</param>
    /// <param name="message">A sentence for people.</param>
    public ServiceException(int serviceCode, string message)
        : base(message) => ServiceCode = serviceCode;

    /// <summary>The number that the service gave; 0 when it gave none.</summary>
    public int ServiceCode { get; }
}
