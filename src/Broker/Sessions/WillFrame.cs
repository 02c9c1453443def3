using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// A last will as the PUBLISH frame that it will become: validated and encoded when HELLO comes, so that it cannot fail later.
/// </summary>
internal static class WillFrame
{
    /// <summary>Encodes the will; false when it cannot be published, and then <paramref name="problem"/> says why.</summary>
    internal static bool TryEncode(LastWill will, Limits limits, out byte[] frame, out string problem)
    {
        frame = [];
        var subject = Encoding.UTF8.GetBytes(will.Subject);
        var reply = Encoding.UTF8.GetBytes(will.Reply ?? "");
        byte[] headers = will.Headers is { Count: > 0 } ? HeaderCodec.Encode(will.Headers) : [];
        problem = FindProblem(subject, reply, will, headers.Length, limits);
        if (problem.Length > 0) return false;
        frame = new byte[FrameWriter.PublishOverhead(subject.Length, reply.Length, headers.Length, will.Payload.Length) + will.Payload.Length];
        FrameWriter.WritePublish(frame, subject, reply, headers, will.Payload.Span);
        if (FrameScanner.Scan(frame, limits, out var head) == ScanResult.Done)
        {
            var isRead = Directives.TryRead(headers, out _, out var wrong);
            problem = isRead ? "" : $"a header of the option will: {wrong}";
            return isRead;
        }

        problem = $"the option will is no message that this broker takes: {head.Describe(limits)}";
        return false;
    }

    private static string FindProblem(byte[] subject, byte[] reply, LastWill will, int headerBytes, Limits limits)
    {
        var fault = Subject.Validate(subject, limits);
        if (fault != SubjectFault.None) return $"the subject of the option will: {fault.Describe(subject, limits)}";
        if (ReservedSubjects.IsSystem(subject) || ReservedSubjects.IsBroker(subject))
            return $"the subject of the option will, {will.Subject}, is one that belongs to the broker";
        fault = reply.Length == 0 ? SubjectFault.None : Subject.Validate(reply, limits);
        if (fault != SubjectFault.None) return $"the reply subject of the option will: {fault.Describe(reply, limits)}";
        if (will.Headers is { } headers && headers.Count > limits.MaxHeaders)
            return $"the option will has {headers.Count} headers; at most {limits.MaxHeaders} are allowed";
        return headerBytes > limits.MaxHeaderBytes ? $"the headers of the option will have {headerBytes} bytes; at most {limits.MaxHeaderBytes} are allowed" : "";
    }
}
