using System.Globalization;
using UdsBroker.Bench.Users;

// udsb-bench-user ROLE SOCKET ARGUMENT SECONDS: writes "ready" when it is, and its figures as numbers with spaces between when it has some.
var (role, socket) = (args[0], args[1]);
var (argument, time) = (int.Parse(args[2], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture)));
var figures = role switch
{
    "publish" => await PublisherRole.RunAsync(socket, argument, time),
    "subscribe" => await SubscriberRole.RunAsync(socket, argument, time),
    "serve" => await ServiceRole.RunAsync(socket),
    "request" => await RequesterRole.RunAsync(socket, argument, time),
    _ => throw new ArgumentException($"{role} is no role"),
};
Console.WriteLine(string.Join(' ', figures.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
