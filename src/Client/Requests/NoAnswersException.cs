using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>Ends the collecting of answers without an error: the broker says that nobody is left to answer.</summary>
internal sealed class NoAnswersException(ErrorCommand error) : UdsBrokerException(error.Code, error.Message)
{
    /// <summary>Whether this code says so.</summary>
    public static bool Means(ErrorCode code) => code is ErrorCode.NoResponders or ErrorCode.GoneIdentity or ErrorCode.ResponderGone;
}
